"""The HTML report of a large run: its size, and time and memory to open it in headless Chromium.

    python -m benchmarks.report [--documents 10000] [--write]

The documents are assembled from sentences of the shipped samples in a seeded order (four kilobytes each, the lengths
of news articles), every eighth with foreign leftovers and a disclosure, so that pages, findings and stories occur as in
an archive. One in fifty is audited and stands for fifty under other names, because the report is measured and not the
audit. Needs Chromium and its driver.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor import Settings
from auditor.data import Document, DocumentAudit, Origin, Report, Skipped
from auditor.pipeline import audit_documents
from auditor.report import write_reports

ROOT = Path(__file__).parent.parent
LEFTOVERS = (
    "Читайте також: погода на тиждень, курс валют, гороскоп на завтра",
    "Ваш браузер устарел. Обновите его, чтобы пользоваться сайтом.",
    "Diese Website verwendet Cookies. Mehr erfahren in der Datenschutzerklärung.",
)
_COPIES = 50
LIMITS = {"size_mb": 30.0, "open_s": 2.0, "memory_mb": 300.0}


def documents(number: int, seed: int = 1) -> Iterator[Document | Skipped]:
    """Yield the documents."""
    dice = random.Random(seed)  # noqa: S311 - a benchmark, no secret
    lines = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        lines += [line for line in path.read_text("utf-8").splitlines() if len(line) > 60]
    for at in range(number):
        chosen = [dice.choice(lines) for _ in range(14)]
        while sum(map(len, chosen)) < 4_000:
            chosen.append(dice.choice(lines))
        if at % 8 == 0:
            chosen += [dice.choice(LEFTOVERS), "Translated and reviewed by Jane Doe with AI translator"]
        name = f"archive/{at:05}.txt"
        yield Document(name, "\n".join(chosen), Origin(name, "txt"), metadata={"title": f"Article {at}"})


def multiplied(report: Report, times: int) -> Report:
    """The report with each document under ``times`` names."""
    more = [
        _renamed(one, f"{one.document.id.removesuffix('.txt')}-{copy}.txt") if copy else one
        for one in report.documents
        for copy in range(times)
    ]
    return replace(report, documents=tuple(more))


def _renamed(one: DocumentAudit, name: str) -> DocumentAudit:
    document = replace(one.document, id=name, origin=Origin(name, "txt"))
    findings = tuple(replace(finding, document_id=name) for finding in one.findings)
    return replace(one, page=replace(one.page, document=document), findings=findings)


def opened(path: Path) -> tuple[float, float, float]:
    """Seconds until the page is loaded and can be used, its process's seconds of CPU, and its megabytes then.

    On a busy machine only the seconds of CPU say something of the page.
    """
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        driver.get("about:blank")
        start = time.monotonic()
        driver.get(path.as_uri())
        driver.find_element("css selector", "#documents button[data-sort=risk]").click()
        seconds = time.monotonic() - start
        resident, busy = _renderer(driver.service.process.pid)
        return seconds, busy, resident / 1e6
    finally:
        driver.quit()


def _renderer(driver: int) -> tuple[int, float]:
    """Resident bytes and seconds of CPU of the largest renderer among the descendants of the driver."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
    found = []
    for process in parents:
        at = process
        while at in parents and at != driver:
            at = parents[at]
        if at == driver and "--type=renderer" in _command(process):
            found.append((_resident(process), _busy(process)))
    return max(found, default=(0, 0.0))


def _busy(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text("utf-8", "replace")
    except OSError:
        return ""


def _resident(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def measure(number: int) -> dict[str, Any]:
    """Audit, write and open a report of ``number`` documents."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "report"
        # Rules that need a comparison of all documents would only measure themselves on repeated sentences.
        settings = Settings(score="none", ignore=("NM", "QD", "NC"))
        report = multiplied(audit_documents(documents(max(1, number // _COPIES)), settings), _COPIES)
        start = time.monotonic()
        write_reports(report, ["html"], target)
        written = time.monotonic() - start
        files = [path for path in target.rglob("*") if path.is_file()]
        seconds, busy, memory = opened(target / "index.html")
        return {
            "documents": len(report.documents),
            "findings": sum(len(one.findings) for one in report.documents),
            "stories": len(report.stories),
            "pages": len(files),
            "write_s": round(written, 1),
            "size_mb": round(sum(path.stat().st_size for path in files) / 1e6, 1),
            "index_mb": round((target / "index.html").stat().st_size / 1e6, 2),
            "open_s": round(seconds, 2),
            "open_cpu_s": round(busy, 2),
            "memory_mb": round(memory),
        }


def table(figures: dict[str, Any]) -> str:
    """The figures as a Markdown table with their limits."""
    rows = [f"| {name} | {value:,} | {LIMITS.get(name, '')} |" for name, value in figures.items()]
    return "\n".join(["| figure | measured | limit |", "|--|--|--|", *rows]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--write", action="store_true", help="write docs/report_size.md")
    options = parser.parse_args()
    text = table(measure(options.documents))
    print(text)
    if options.write:
        head = "# Size of a large HTML report\n\nPrinted by `python -m benchmarks.report --write`.\n\n"
        (ROOT / "docs" / "report_size.md").write_text(head + text, "utf-8")


if __name__ == "__main__":
    main()
