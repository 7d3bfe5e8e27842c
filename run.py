#!/usr/bin/env python3
"""The same as `copydesk`, from a checkout: python run.py poll."""

import os
import sys
from pathlib import Path

COMMAND = Path(__file__).resolve().parent / ".venv" / "bin" / "copydesk"

if not COMMAND.exists():
    sys.exit("Copydesk is not installed here yet. Run this first: make demo")
os.execv(COMMAND, ["copydesk", *sys.argv[1:]])
