"""``auditor screen`` as another program meets it: order, flushing, back-pressure, garbage, closed pipes, exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from auditor import Auditor, Settings
from auditor.screening import DROP, Output, Stream
from auditor.screening._mailbox import Mailbox, read_lines
from tests.conftest import ROOT

CLEAN = "The council of the small harbour town voted on Tuesday to repair the old pier before the autumn storms."
LEFTOVER = f"{CLEAN}\nВаш браузер застарів. Оновіть його, щоб сайт працював правильно."


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def row(name: str, text: str, **more: object) -> str:
    return json.dumps({"id": name, "text": text, **more}, ensure_ascii=False)


GARBAGE = [
    row("a", CLEAN, url="u"),
    "{bad",
    "",
    '{"id": 7}',
    '{"id": "x", "text": 3}',
    "[1]",
    '"only a string"',
    "\x00\x01",
    '{"text": "' + "[" * 3000 + '"}',
    row("b", LEFTOVER, n=1),
]


def test_every_line_is_answered_in_order_and_garbage_stops_nothing(run) -> None:
    data = "\ufeff" + "\n".join(GARBAGE) + "\r\n"
    broken = data.encode() + b'{"text": "\xff\xfe"}\n' + row("c", "").encode()
    done = run("screen", "--score", "none", stdin=broken)
    assert done.returncode == 0
    answers = rows(done.stdout)
    assert [one.get("id") for one in answers[:4]] == ["a", None, "7", "x"]
    errors = {one["line"]: one["error"] for one in answers if "error" in one}
    assert sorted(errors) == [2, 4, 5, 6, 7, 8, 11]
    assert "UTF-8" in errors[11]
    good = [one for one in answers if "error" not in one]
    assert [one["id"] for one in good] == ["a", "-#L9", "b", "c"]
    assert [one["decision"] for one in good][2:] == ["review", "accept"]
    assert good[0]["metadata"] == {"url": "u"}
    assert "screened: 3 accept, 7 error, 1 review" in done.stderr


def test_modes(run) -> None:
    data = "\n".join([row("a", CLEAN), row("b", LEFTOVER, n=1)])
    screen = ("screen", "--score", "none", "-q")
    assert run(*screen, "--drop", stdin=data).stdout == data + "\n"
    assert run(*screen, "--drop", "--min-decision", "review", stdin=data).stdout == row("a", CLEAN) + "\n"
    cleaned = rows(run(*screen, "--drop", "--emit", "clean-text", stdin=data).stdout)
    assert [one["text"] for one in cleaned] == [CLEAN, CLEAN]
    assert cleaned[1] == {"id": "b", "text": CLEAN, "n": 1, "clean_offsets": [[0, 0, len(CLEAN)]]}
    noted = rows(run(*screen, "--annotate", "--emit", "clean-text", stdin=data).stdout)
    assert noted[1]["text"] == LEFTOVER
    assert noted[1]["audit"]["decision"] == "review"
    assert noted[1]["audit"]["clean_text"] == CLEAN
    assert "metadata" not in noted[1]["audit"]
    (suspect,) = rows(run(*screen, "--min-decision", "review", stdin=data).stdout)
    assert suspect["id"] == "b"
    fields = rows(run(*screen, "--text-field", "n", "--id-field", "text", stdin='{"text": "q", "n": "x y"}').stdout)
    assert fields[0]["id"] == "q"


@pytest.mark.parametrize(
    ("arguments", "data", "status", "words"),
    [
        (["--drop", "--annotate"], "", 2, "exclude each other"),
        (["--reference", "nowhere"], "", 2, "nowhere"),
        (["--select", "ZZ"], "", 2, "no rule begins"),
        (["--min-decision", "accept"], "", 2, "accept"),
        ([], "{bad\n{worse", 2, "none of 2 lines"),
        ([], "", 0, "screened: nothing"),
        (["--fail-on", "review"], row("a", LEFTOVER), 1, "1 review"),
        (["--fail-on", "reject"], row("a", LEFTOVER), 0, "1 review"),
    ],
)
def test_exit_status(run, arguments: list[str], data: str, status: int, words: str) -> None:
    done = run("screen", "--score", "none", *arguments, stdin=data)
    assert done.returncode == status, done.stderr
    assert words in done.stderr


def screening(*arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "auditor", "screen", "--score", "none", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, bufsize=0)


def test_a_slow_producer_is_answered_line_by_line() -> None:
    running = screening()
    for number in range(3):
        running.stdin.write(row(f"r{number}", CLEAN).encode() + b"\n")
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["id"] == f"r{number}"  # the next row has not been sent yet
    running.stdin.close()
    assert running.stdout.read() == b""
    assert running.wait(30) == 0
    running.stdout.close()
    running.stderr.close()


def test_a_consumer_that_closes_early_ends_it_quietly() -> None:
    running = screening("-q")
    data = (row("a", CLEAN).encode() + b"\n") * 3000

    def feed() -> None:
        with contextlib.suppress(BrokenPipeError):
            running.stdin.write(data)

    feeder = threading.Thread(target=feed)
    feeder.start()
    running.stdout.readline()
    running.stdout.close()
    assert running.wait(60) == 0
    feeder.join(10)
    assert running.stderr.read() == b""
    running.stderr.close()
    running.stdin.close()


def test_a_slow_consumer_holds_the_producer_back() -> None:
    running = screening("-q")
    line = row("a", CLEAN + " " + "word " * 2000).encode() + b"\n"
    sent = [0]

    def feed() -> None:
        with contextlib.suppress(BrokenPipeError):
            for _ in range(6000):
                running.stdin.write(line)
                sent[0] += 1

    feeder = threading.Thread(target=feed)
    feeder.start()
    time.sleep(6)
    first = sent[0]
    time.sleep(2)
    assert sent[0] == first < 6000  # 60 MB wait to be sent; what is held ahead is bounded
    running.kill()
    running.wait(10)
    feeder.join(10)
    for stream in (running.stdin, running.stdout, running.stderr):
        stream.close()


def test_mailbox_bounds_lines_and_bytes_and_hands_over_what_waits() -> None:
    mailbox = Mailbox(most_lines=3, most_bytes=100)
    done = []

    def feed(lines: list[bytes]) -> threading.Thread:
        def run() -> None:
            for number, line in enumerate(lines):
                mailbox.put((number, line))
                done.append(number)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        time.sleep(0.1)
        return thread

    many = feed([b"x"] * 5)
    assert done == [0, 1, 2]
    assert [number for number, _ in mailbox.take(2)] == [0, 1]
    many.join(1)
    assert [number for number, _ in mailbox.take(9)] == [2, 3, 4]
    done.clear()
    big = feed([b"x" * 500, b"y"])
    assert done == [0]  # one line is always taken, however long
    mailbox.take(9)
    big.join(1)
    mailbox.close(OSError(5, "gone"))
    assert len(mailbox.take(9)) == 1
    with pytest.raises(OSError, match="gone"):
        mailbox.take(9)


def test_reading_pieces_and_overlong_lines() -> None:
    source, sink = os.pipe()
    mailbox = read_lines(source, 10)

    def feed() -> None:
        for piece in (b"\xef", b"\xbb\xbfab", b"c\n\nlong" + b"g" * 50 + b"\nlast"):
            os.write(sink, piece)
            time.sleep(0.02)
        os.close(sink)

    threading.Thread(target=feed).start()
    assert [line for batch in mailbox.batches(9) for line in batch] == [(1, b"abc"), (3, None), (4, b"last")]
    os.close(source)


def test_overlong_rows_are_answered() -> None:
    stream = Stream(Auditor(Settings(score="none", max_document_chars=50)), Output(DROP))
    lines = [(1, None), (2, row("a", "x" * 60).encode()), (3, b'{"id": "b", "text": "short"}')]
    answers = [json.loads(one) for one in stream.answers(lines)]
    assert [one.get("line") for one in answers] == [1, 2, None]
    assert answers[1]["id"] == "a"
    assert answers[2] == {"id": "b", "text": "short"}


def test_reference_lends_to_the_stream(run, tmp_path: Path) -> None:
    story = "“We shall not leave the table before the pact is signed by all members,” Minister Anton Kirlov said."
    earlier = tmp_path / "earlier.jsonl"
    earlier.write_text("\n".join(row(f"r{number}", story, group="pact") for number in range(3)), "utf-8")
    data = row("a", story.replace("shall not leave", "shall leave"), group="pact")
    (answer,) = rows(run("screen", "--score", "none", "--reference", earlier, stdin=data).stdout)
    assert "QD001" in {one["rule"] for one in answer["findings"]}
    assert "reference@" in answer["signature"]
