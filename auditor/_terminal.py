"""What a person sees in the terminal: progress on standard error, the summary table on standard output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from auditor.data import DocumentAudit, Report, Severity
from auditor.normalize import harmless
from auditor.pipeline import Progress as Step
from auditor.totals import riskiest, totals

_ROWS = 25
# Below this many columns there is no room for reasons beside the rest.
_WIDE = 110
_STYLE = {"accept": "green", "review": "yellow", "reject": "red"}


def safe(text: str, limit: int = 100) -> str:
    """One harmless line of at most ``limit`` characters."""
    flat = harmless(text)
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


@contextmanager
def progress(show: bool) -> Iterator[Callable[[Step], None]]:
    """Give a callback that draws progress on standard error, or does nothing."""
    if not show:
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        stage, since = "", (perf_counter(), 0, 0, 0)

        def update(step: Step) -> None:
            nonlocal stage, since
            if step.stage != stage:
                stage, since = step.stage, (perf_counter(), step.documents, step.chars, step.tokens)
            bar.update(task, description=_said(step, since), total=1.0, completed=step.share or 0.0)

        yield update


def _said(step: Step, since: tuple[float, int, int, int]) -> str:
    """One line: stage, documents, rates since the stage began, what is left, what was skipped or failed."""
    seconds = perf_counter() - since[0]
    parts = [f"{step.stage} {step.documents:,} documents, {step.chars:,} characters"]
    if seconds > 1:
        documents, chars = step.documents - since[1], step.chars - since[2]
        parts.append(f"{documents / seconds:,.1f} documents/s, {chars / seconds / 1e6:.2f} M characters/s")
        parts += [f"{(step.tokens - since[3]) / seconds:,.0f} tokens/s"] if step.tokens > since[3] else []
    if step.seconds_left is not None:
        parts.append(f"{timedelta(seconds=round(step.seconds_left))} left")
    for number, what in ((step.skipped, "skipped"), (step.failures, "faults of rules")):
        parts += [f"{number:,} {what}"] if number else []
    return ", ".join(parts)


def summary(report: Report, console: Console) -> None:
    """Print the summary: documents by risk, totals, skipped inputs, notices, signature."""
    console.print(_table(report, reasons=console.width >= _WIDE))
    counts = totals(report)
    decisions = ", ".join(f"{number} {name}" for name, number in counts["decisions"].items() if number)
    severities = ", ".join(f"{counts['severities'][one.label]} {one.label}" for one in reversed(Severity))
    console.print(
        Text(f"{_documents(len(report.documents))}: {decisions or 'none'}; findings: {severities}"), soft_wrap=True
    )
    for one in report.skipped[:_ROWS]:
        console.print(
            Text(f"skipped {safe(one.origin.path)}{_locator(one.origin.locator)}: {safe(one.reason)}", "yellow")
        )
    if len(report.skipped) > _ROWS:
        console.print(Text(f"and {len(report.skipped) - _ROWS} more skipped", "yellow"), soft_wrap=True)
    for notice in report.notices[:_ROWS]:
        console.print(Text(f"note: {safe(notice, 200)}", "cyan"), soft_wrap=True)
    console.print(Text(report.signature, "dim"), soft_wrap=True)


def _documents(number: int) -> str:
    return f"{number} document" if number == 1 else f"{number:,} documents"


def _locator(locator: str) -> str:
    return f"#{safe(locator)}" if locator else ""


def _table(report: Report, *, reasons: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("document", overflow="ellipsis", no_wrap=True, max_width=40 if reasons else 24)
    for name in ("decision", "origin", "lang"):
        table.add_column(name, no_wrap=True)
    table.add_column("crit/maj/min", justify="right", no_wrap=True, min_width=12)
    if reasons:
        table.add_column("first reason", overflow="ellipsis", no_wrap=True)
    for one in riskiest(report, _ROWS):
        table.add_row(*_row(one)[: len(table.columns)])
    if len(report.documents) > _ROWS:
        table.add_row(Text(f"and {len(report.documents) - _ROWS} more (--report html shows all)", "dim"))
    return table


def _row(one: DocumentAudit) -> list[Text]:
    counts = [sum(finding.severity == level for finding in one.findings) for level in (10, 5, 1)]
    verdict = one.verdict
    label = verdict.label.replace("_", " ") + (f" {verdict.probability:.2f}" if verdict.probability is not None else "")
    return [
        Text(safe(one.document.id, 60)),
        Text(verdict.decision, _STYLE[verdict.decision]),
        Text(label),
        Text(one.page.language.tag),
        Text("/".join(map(str, counts))),
        Text(safe(verdict.reasons[0]) if verdict.reasons else ""),
    ]
