"""The commands ``flask hubs import`` and ``flask hubs lay-out``."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import func, select

from hubs.models import Hub, Session, TimetableEntry, Upload
from kernel.db import db, unit_of_work

YORK = Path(__file__).parent.parent / "data" / "york"


@pytest.fixture
def run(app: Any, world: Any) -> Any:
    """Run a command: ``run("import", "leeds", file)``."""

    def running(*words: str | Path, say: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=["hubs", *map(str, words)], input=say)

    return running


@pytest.fixture
def there(world: Any) -> Any:
    """Count the hubs, entries and sessions of a council."""

    def counting(council: str = "leeds") -> tuple[int, ...]:
        with unit_of_work(getattr(world, council), read_only=True):
            return tuple(db.scalar(select(func.count(m.id))) or 0 for m in (Hub, TimetableEntry, Session))

    return counting


def test_a_file_is_explained_row_by_row_and_imported_when_somebody_agrees(
    run: Any, there: Any, world: Any
) -> None:
    first = run("import", "leeds", YORK / "hubs.csv", say="y\n")
    second = run("import", "leeds", YORK / "timetable.csv", say="y\n")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "‘venue’ was taken as: Place." in second.output
    assert "Line    2  New" in second.output
    assert "every Wednesday, 9am to 2pm" in second.output
    assert "Import this? [y/N]: y" in second.output
    assert "10 rows added and 0 rows changed." in second.output
    hubs, entries, sessions = there()
    assert (hubs, entries) == (8, 10)
    assert f"{sessions} sessions" in second.output
    assert there("york") == (0, 0, 0)
    with unit_of_work(world.leeds):
        assert set(db.scalars(select(Upload.name))) == {"hubs.csv", "timetable.csv"}


def test_nothing_is_imported_when_nobody_agrees(run: Any, there: Any) -> None:
    assert run("import", "leeds", YORK / "timetable.csv", say="n\n").exit_code == 1
    assert run("import", "leeds", YORK / "timetable.csv", "--dry-run").exit_code == 0
    assert there() == (0, 0, 0)


def test_importing_twice_asks_nothing_and_does_nothing(run: Any, there: Any) -> None:
    run("import", "leeds", YORK / "timetable.csv", "--yes")
    before = there()

    again = run("import", "leeds", YORK / "timetable.csv")

    assert again.exit_code == 0
    assert "10 rows without change." in again.output
    assert there() == before


def test_rows_that_cannot_be_read_are_told_by_the_exit_code(run: Any, there: Any, tmp_path: Path) -> None:
    file = tmp_path / "spring.csv"
    file.write_text("Venue,Activity,Day,Time\nHall,Chess,Someday,10-11am\nHall,Baby club,Wed,10-11am\n")

    result = run("import", "leeds", file, "--yes")

    assert result.exit_code == 3
    assert "Cannot be read" in result.output
    assert there()[:2] == (1, 1)


def test_what_cannot_be_imported_at_all_is_said_plainly(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.7")
    unclear = tmp_path / "unclear.csv"
    unclear.write_text("one,two\n1,2\n")

    for words, said in (
        (("import", "leeds", file), "This is a PDF"),
        (("import", "leeds", unclear), "row of headings"),
        (("import", "nowhere", unclear), "no council with the short name nowhere"),
    ):
        result = run(*words)
        assert (result.exit_code, said in result.output) == (1, True)


def test_the_timetable_is_laid_out_by_command(run: Any, there: Any, clock: Any) -> None:
    run("import", "leeds", YORK / "timetable.csv", "--yes")
    assert "Nothing changes." in run("lay-out", "leeds").output
    clock.shift(7 * 24 * 3600)

    result = run("lay-out", "leeds")

    assert result.exit_code == 0
    assert "sessions added." in result.output
