"""Accept, then reject, all tracked changes of letters in LibreOffice, for test_changes.py.

It runs in a Python that has ``uno``: python3 office_settle.py LETTER.docx ... prints, as JSON, the
texts of the paragraphs and cells of each letter in either case.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from office_edits import connect, hidden


def texts(text: Any) -> Iterator[str]:
    parts = text.createEnumeration()
    while parts.hasMoreElements():
        part = parts.nextElement()
        if part.supportsService("com.sun.star.text.TextTable"):
            yield from (part.getCellByName(name).getString() for name in part.getCellNames())
        elif part.getString().strip():
            yield part.getString()


def main() -> None:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        office, desktop, dispatcher = connect(folder)
        try:
            for path in sys.argv[1:]:
                address = Path(path).resolve().as_uri()
                document = desktop.loadComponentFromURL(address, "_blank", 0, hidden())
                frame, of_letter = document.getCurrentController().getFrame(), {}
                for name in ("Accept", "Reject"):
                    command = f".uno:{name}AllTrackedChanges"
                    dispatcher.executeDispatch(frame, command, "", 0, ())
                    found_now = (" ".join(each.split()) for each in texts(document.Text))
                    of_letter[name] = [*filter(None, found_now)]
                    dispatcher.executeDispatch(frame, ".uno:Undo", "", 0, ())
                document.close(True)
                found.append(of_letter)
        finally:
            desktop.terminate()
            office.wait(30)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
