"""Texts by hand: a wire story as several sites print it, and what only looks like it. Names and words are ours."""

LEAD = (
    "The presidents of Karsa and Orvel opened the first meeting of their joint council on Wednesday, promising to work "
    "together more closely in shipbuilding, farming and the training of engineers."
)
REST = (
    "Speaking to reporters in the old customs house, President Ilvo Marend said that trade "
    "between the two countries had "
    "grown for the ninth year in a row and would pass four billion crowns before the summer.",
    "His guest, President Sena Dorrik, called the council a bridge that should have been built a generation ago, and "
    "thanked the dock workers of the capital who had greeted her delegation with flags and brass bands.",
    "The two leaders watched their ministers sign seven papers on ferries, seed grain, export "
    "credit, research, patents, "
    "student exchange and the salvage of wrecks.",
    "Marend recalled that the idea was first raised during his visit to Orvel in February last year, when a storm kept "
    "both delegations in the same hotel for three days.",
    "Karsa buys most of its timber from Orvel and sells it fish, engines and glass; a treaty on free trade has been in "
    "force since the spring of 2015.",
)
WIRE = "\n".join((LEAD, *REST))
SUMMARY = f"{LEAD} {REST[0]}"
CUT = "\n".join((LEAD, *REST[:3]))

INDEPENDENT = (
    "Brass bands and a great many flags met Sena Dorrik at the harbour when she arrived for two days of talks with her "
    "neighbour, the first of a kind that officials hope to repeat every year.\n"
    "What came of it fits on seven sheets of paper: ferry timetables, seed, credit for "
    "exporters, laboratories, patents, "
    "exchange of students, and who owns a wreck once it has been raised. Nothing was said "
    "about the fishing limits over "
    "which the two governments have quarrelled since the autumn.\n"
    "Shipyard owners told this paper that they expect orders for at least two ferries."
)
OPINION = (
    "Seven papers were signed in the customs house this week, and not one of them mentions herring. Those who fish "
    "between Karsa and Orvel will have read the news with a sigh: presidents come, bands play, ministers sign, and the "
    "boats that are chased away from the western banks are chased away next morning as well.\n"
    "A council is a fine thing. It would be finer still if it met on a trawler in November."
)

MINISTERS_2022 = (
    "Foreign ministers Tavo Renn of Karsa and Mila Osk of Orvel met in Karsa on Monday, 14 March 2022, for their third "
    "round of talks on the western banks. They agreed to exchange 12 observers, to meet again within 90 days, and to "
    "open 3 harbours to fishing boats of both sides during storms, a spokesman said after 5 hours of talks."
)
MINISTERS_2024 = (
    "Foreign ministers Tavo Renn of Karsa and Mila Osk of Orvel met in Karsa on Friday, 7 June 2024, for their eighth "
    "round of talks on the western banks. They agreed to exchange 30 observers, to meet again within 45 days, and to "
    "open 6 harbours to fishing boats of both sides during storms, a spokesman said after 9 hours of talks."
)

FOOTER = (
    "You have read one of your three free stories of this month. Subscribers of the Gazette "
    "keep eleven reporters at work "
    "on the coast, in the hills and at court. Write to the desk when we are wrong; all letters "
    "are read, most are answered."
)


def lottery(numbers, day):
    return (
        f"The numbers drawn on {day} evening in the harbour lottery of Karsa were {numbers}. "
        "Whoever holds all five of them "
        "wins the first prize; tickets are paid out at every customs office within sixty days of "
        "the draw, and what nobody "
        "claims goes to the widows of the lifeboat crews."
    )


def quake(size, distance, place, minute, depth):
    return (
        f"An earthquake of magnitude {size} shook the sea floor {distance} kilometres off {place} "
        f"at 04:{minute} on Tuesday, "
        f"the observatory of Orvel reported. Its centre lay {depth} kilometres deep. There was no "
        "word of damage, and no "
        "warning of high waves was given for the coast."
    )


def horoscope(sign, house, whom, other):
    return (
        f"{sign}: the moon stands in your house of {house} today. Do not sign what you have not "
        f"read, call {whom} whom you "
        f"have kept waiting, and leave the evening free for {other}. Your number is the one on your door."
    )


def obituary(name, age, place, day):
    return (
        f"{name}, {age}, of {place} died in peace on {day}. Friends may call at the chapel by the "
        "harbour between four and "
        "seven in the evening, and a service follows in the church of the fishermen. The family asks for gifts to the "
        "lifeboats in place of flowers."
    )
