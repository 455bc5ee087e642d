"""Sends a text to a council of the running demonstration, as a parent would.

``python -m app.demo.text York "07700 900123" NO``
"""

import argparse
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path


def main() -> int:
    """Hand the text to Notify, which calls the council."""
    parser = argparse.ArgumentParser(
        prog="python -m app.demo.text", description=__doc__.split("\n", 1)[0] if __doc__ else ""
    )
    parser.add_argument("council", help="such as York")
    parser.add_argument("number", help="the telephone number that it comes from")
    parser.add_argument("words", nargs="+")
    parser.add_argument("--data", type=Path, default=Path(".demo"), help="the folder of the demonstration")
    asked = parser.parse_args()
    try:
        at = json.loads((asked.data / "notify.json").read_text())["url"]
        told = {"to": asked.council, "from": asked.number, "message": " ".join(asked.words)}
        request = urllib.request.Request(f"{at}/_inbound", json.dumps(told).encode(), method="POST")
        urllib.request.urlopen(request, timeout=15).close()
    except urllib.error.HTTPError as refusal:
        print(f"{asked.council} did not take it: {refusal.read().decode()}")
        return 1
    except OSError as trouble:
        print(f"No demonstration is running in {asked.data}: {trouble}")
        return 1
    print(f"{asked.council} has taken it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
