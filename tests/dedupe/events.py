"""One event as six desks report it, and two that look like it; every word is ours, every name invented."""

WIRE = (
    "The foreign ministers of Velmar and Oskia met in Karsa on Thursday and agreed to reopen the ferry line across the "
    "Strait of Tell, which has been closed since a quarrel over herring quotas seven years ago. Velmar's minister, "
    "Ilka Doran, called the agreement a door that both coasts can walk through. Her colleague Pavo Strand said that "
    "the first ship would sail in May with students, fishermen and the orchestras of both capitals. Officials said "
    "that a joint commission will set the fares and look after the old harbour lights. Traders in Karsa welcomed the "
    "news and hung lanterns along the quay, although some captains doubted that the piers would be ready in time."
)
SUMMARY = WIRE.split(" Her colleague")[0]
FIRST_REPORT = (
    "Seven years after the last ferry left Karsa, ships will cross the Strait of Tell again. Ilka Doran of Velmar and "
    "Pavo Strand of Oskia signed a short paper in the customs house before noon, then walked to the quay together. The "
    "two ministers did not speak of herring, the cause of the long quarrel, but of fares, lights and music. A ferry "
    "with students from both countries is expected in May. Not everybody on the waterfront believes it: the piers need "
    "new timber, and the money for it has yet to be found."
)
SECOND_REPORT = (
    "Pavo Strand had promised his voters a ferry, and he has one. At a meeting in Karsa the Oskian foreign minister "
    "and Ilka Doran, who holds the same office in Velmar, settled the dispute that closed the line across the Strait "
    "of Tell. Herring boats of the two coasts had rammed one another when quotas were cut. A commission will now fix "
    "the fares. The opposition in Velmar called the deal hasty, while shipowners asked who pays for the piers."
)
EARLIER = (
    "The foreign ministers of Velmar and Oskia, Ilka Doran and Pavo Strand, parted in Lunde without a word on fishing "
    "rights or on visas for seasonal pickers. A dinner was cancelled. Delegates spoke of cold soup and colder faces, "
    "and both embassies denied that anybody had been recalled."
)
LATER = (
    "Velmar and Oskia have signed a treaty on extradition, their foreign ministers Ilka Doran and Pavo Strand told "
    "reporters in Bresk. Courts of the two countries may hand over suspects within sixty days. Lawyers warned that "
    "appeals would take far longer than the ministers hope."
)
OTHERS = (
    ("Bells may ring early", "A court in the hill town of Orvel has ruled that bells may ring again before seven."),
    ("Nurses end strike", "Nurses at the hospitals of Greater Minz return to work on Monday with a raise of four."),
    ("Rovers sink Harriers", "Rovers beat Harriers after extra time in the cup, with a header from the goalkeeper."),
    ("Lake froze over", "The lake of Suhl froze for the first time in forty years and skaters came in thousands."),
)
