"""Engine ray on a real cluster of two nodes: the same findings as local, also when a worker or a node is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ray = pytest.importorskip("ray", reason="the extra ray is not installed")

import psutil  # noqa: E402
from ray.cluster_utils import Cluster  # noqa: E402

from auditor.errors import UsageError  # noqa: E402
from auditor.executors import run_ray  # noqa: E402
from auditor.runs import Engine, audit_archive  # noqa: E402
from tests.test_runs import SETTINGS, archive, expected, quiet, small, wire  # noqa: E402

__all__ = ["archive", "expected", "small"]

pytestmark = [
    pytest.mark.slow,
    # Ray leaves sockets and warns of its own future defaults.
    pytest.mark.filterwarnings("ignore"),
]
_STORE = 100 << 20


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Two nodes with a CPU each; the test itself belongs to the first, since a driver dies with its node."""
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": _STORE})
    ray.init(address=made.address, log_to_driver=False)
    made.add_node(num_cpus=1, object_store_memory=_STORE)
    made.wait_for_nodes()
    yield made
    ray.shutdown()
    made.shutdown()


def nodes_left(number: int, seconds: float = 60) -> bool:
    """Whether so many nodes live; a cluster takes some time to declare one dead."""
    end = time.monotonic() + seconds
    while (alive := sum(one["Alive"] for one in ray.nodes())) != number and time.monotonic() < end:
        time.sleep(0.2)
    return alive == number


def workers() -> list[psutil.Process]:
    """Processes of this cluster that run tasks, or wait for one; a node's agents have titles of the same kind."""
    found = []
    for one in psutil.Process().children(recursive=True):
        try:
            if one.cmdline()[:1] and one.cmdline()[0].startswith(("ray::_call", "ray::IDLE")):
                found.append(one)
        except psutil.Error:
            continue
    return sorted(found, key=lambda one: (one.cmdline()[0].startswith("ray::IDLE"), one.pid))


def test_two_nodes_equal_local(cluster: Cluster, archive: Path, expected, tmp_path: Path) -> None:
    assert len([one for one in ray.nodes() if one["Alive"]]) == 2
    engine = Engine("ray", 2, cluster.address)
    report = audit_archive([str(archive)], SETTINGS, tmp_path / "run", engine, on_progress=quiet)
    assert wire(report, tmp_path / "out") == expected[1]
    assert list(report.skipped) == list(expected[0].skipped)


def test_a_killed_worker_and_a_killed_node_change_nothing(
    cluster: Cluster, archive: Path, expected, tmp_path: Path
) -> None:
    killed = []

    def kill(step) -> None:
        if step.stage != "detect":
            return
        if not killed and (running := workers()):
            running[0].send_signal(signal.SIGKILL)
            killed.append("worker")
        elif killed == ["worker"]:
            cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)
            killed.append("node")

    engine = Engine("ray", 2, cluster.address)
    report = audit_archive([str(archive)], SETTINGS, tmp_path / "run", engine, on_progress=kill)
    assert killed == ["worker", "node"]
    assert nodes_left(1)
    assert wire(report, tmp_path / "out") == expected[1]


def make_deadly():
    def work(item: int) -> int:
        if item == 3:
            os._exit(9)
        if item == 4:
            message = "no such thing"
            raise ValueError(message)
        return item * 10

    return work


@pytest.mark.parametrize("models", [False, True])
def test_an_item_that_kills_every_worker_is_given_up(cluster: Cluster, models: bool) -> None:
    from auditor.executors import Lost

    got = dict(run_ray(make_deadly, [1, 2, 3, 5, 6], 2, address=cluster.address, models=models))
    assert got == {1: 10, 2: 20, 3: Lost(3), 5: 50, 6: 60}
    with pytest.raises(ValueError, match="no such thing"):
        dict(run_ray(make_deadly, [4], 2, address=cluster.address, models=models))


def test_no_cluster_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="no Ray cluster at"):
        list(run_ray(make_deadly, [1], 1, address="127.0.0.1:1"))
