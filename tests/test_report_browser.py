"""The HTML report as a person meets it: opened from a folder in headless Chromium, without a server."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.formatters._words import speak
from auditor.formatters.html_report import HtmlFormatter
from tests.conftest import ROOT
from tests.reports import sample

pytestmark = pytest.mark.browser

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900")


@pytest.fixture(scope="module")
def driver() -> Iterator:
    if not (CHROMIUM and CHROMEDRIVER):
        if os.environ.get("CI") == "true":
            pytest.fail("chromium and chromedriver must be installed in CI")
        pytest.skip("chromium or chromedriver is not installed")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
    yield browser
    browser.quit()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("report")
    HtmlFormatter().write(sample(), target)
    return target


@pytest.fixture
def index(driver, folder):
    # A change of the part after "#" alone would not load the page anew.
    driver.get("about:blank")
    driver.get((folder / "index.html").as_uri())
    yield driver
    assert driver.get_log("browser") == []


def page(driver, folder: Path, number: int) -> None:
    (path,) = (folder / "pages").glob(f"{number}-*.html")
    driver.get("about:blank")
    driver.get(path.as_uri())


def shown(driver, selector: str) -> list[str]:
    return [one.text for one in driver.find_elements("css selector", selector) if one.is_displayed()]


def pick(driver, name: str, value: str) -> None:
    driver.find_element("css selector", f"#{name} option[value='{value}']").click()


def in_view(driver, selector: str) -> bool:
    return driver.execute_script(
        "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
        "return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;",
        selector,
    )


def test_documents_are_filtered_and_the_address_keeps_it(index) -> None:
    names = "#documents tbody .name"
    assert len(shown(index, names)) == 4
    pick(index, "rule", "NM001")
    assert [name.split("\n")[0] for name in shown(index, names)] == ["Norvik closes its pier"]
    pick(index, "rule", "")
    pick(index, "severity", "10")
    assert len(shown(index, names)) == 1
    pick(index, "severity", "5")
    assert len(shown(index, names)) == 3
    pick(index, "decision", "review")
    assert [name.split("\n")[0] for name in shown(index, names)] == ["Harbour <b>town</b>"]
    assert index.find_element("id", "shown").text == "1 of 4 documents"
    assert index.current_url.endswith("#decision=review&severity=5")
    index.refresh()
    assert len(shown(index, names)) == 1
    index.find_element("id", "q").send_keys("no such words")
    assert shown(index, "#none")
    index.find_element("id", "reset").click()
    assert len(shown(index, names)) == 4
    assert "#" not in index.current_url


def test_a_rule_and_a_severity_are_asked_of_one_finding(index) -> None:
    pick(index, "rule", "EN001")
    pick(index, "severity", "10")
    assert len(shown(index, "#documents tbody tr")) == 1
    pick(index, "rule", "TD")
    assert shown(index, "#documents tbody tr") == []


def test_documents_are_sorted_by_their_headings(index) -> None:
    before = shown(index, "#documents tbody .name")
    button = index.find_element("css selector", "button[data-sort=title]")
    button.click()
    assert index.find_element("css selector", "th[aria-sort=ascending]").text.startswith("Document")
    ascending = shown(index, "#documents tbody .name")
    assert ascending != before
    button.click()
    assert shown(index, "#documents tbody .name") == ascending[::-1]
    assert "sort=title&dir=desc" in index.current_url


def test_a_bar_of_a_chart_filters_the_table(index) -> None:
    index.find_element("css selector", "a[href='#rule=QD']").click()
    assert len(shown(index, "#documents tbody tr")) == 1
    assert index.find_element("id", "rule").get_property("value") == "QD"
    widths = index.execute_script(
        "return [...document.querySelectorAll('.k-major, .k-reject')].map((bar) => bar.getBoundingClientRect().width);"
    )
    assert all(width > 5 for width in widths), "bars are drawn"


def test_evidence_leads_to_its_place_in_the_other_document(driver, folder) -> None:
    page(driver, folder, 2)
    driver.find_element("css selector", ".evidence a").click()
    assert "1-news-harbour-txt.html#s" in driver.current_url
    anchor = "#" + driver.current_url.rpartition("#")[2]
    place = driver.find_element("css selector", anchor)
    assert place.text == "We will not close the pier"
    assert in_view(driver, anchor)
    assert driver.execute_script("return document.querySelector(':target').matches(arguments[0])", anchor)
    assert driver.get_log("browser") == []


def test_marks_and_findings_lead_to_each_other(driver, folder) -> None:
    page(driver, folder, 2)
    assert len(shown(driver, "li.finding")) == 3
    driver.find_element("css selector", "mark[data-findings='2'] a").click()
    assert driver.switch_to.active_element.get_attribute("id") == "f2"
    driver.find_element("tag name", "body").send_keys("j")
    assert driver.switch_to.active_element.get_attribute("id") == "f3"
    driver.find_element("tag name", "body").send_keys("kk")
    assert driver.switch_to.active_element.get_attribute("id") == "f1"
    assert shown(driver, "mark.current") == ["We will close the pier"]
    assert [text.strip() for text in shown(driver, "#f1 .quote ins")] == ["not"]
    assert in_view(driver, "mark.current")


def test_findings_are_filtered_on_the_page(driver, folder) -> None:
    page(driver, folder, 2)
    driver.find_element("css selector", "input[name=family][value=NM]").click()
    assert len(shown(driver, "li.finding")) == 2
    driver.find_element("css selector", "input[name=severity][value=neutral]").click()
    assert [text.split()[2] for text in shown(driver, "li.finding")] == ["QD001"]
    assert len(driver.find_elements("css selector", "mark.off")) == 2
    assert driver.find_element("id", "shown").text == "1 of 3 findings"


def test_sentence_scores_are_an_overlay(driver, folder) -> None:
    page(driver, folder, 2)
    paint = "return getComputedStyle(document.querySelector('.line .h9')).backgroundColor"
    before = driver.execute_script(paint)
    assert not shown(driver, "#heat-legend")
    driver.find_element("id", "heat").click()
    assert driver.execute_script(paint) != before
    assert shown(driver, "#heat-legend")


def test_hostile_text_does_nothing(driver, folder) -> None:
    for path in sorted(folder.rglob("*.html")):
        driver.get(path.as_uri())
        assert driver.execute_script("return window.hacked") is None
        assert driver.execute_script("return document.images.length") == 0
        driver.execute_script("for (const one of document.querySelectorAll('mark a')) one.click()")
        assert driver.execute_script("return window.hacked") is None
        assert driver.get_log("browser") == []


def test_the_policy_refuses_foreign_code(driver, folder) -> None:
    page(driver, folder, 3)
    driver.execute_script(
        'document.body.insertAdjacentHTML(\'beforeend\', \'<img src="x" onerror="window.hacked=1" style="color:red">\');'
        "const script = document.createElement('script'); script.textContent = 'window.hacked=1'; document.body.append(script);"
    )
    assert driver.execute_script("return window.hacked") is None
    assert any("Content Security Policy" in entry["message"] for entry in driver.get_log("browser"))


def test_many_documents_side_by_side_scroll_by_themselves(driver, folder) -> None:
    metrics = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        driver.get(min(folder.rglob("story-*.html")).as_uri())
        widest, side = driver.execute_script(
            "const side = document.querySelector('.side');"
            "for (let more = 0; more < 3; more += 1) side.append(...[...side.children].map((one) => one.cloneNode(true)));"
            "return [document.documentElement.scrollWidth, side.scrollWidth];"
        )
        assert widest <= 400
        assert side > 1000
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_pages_fit_their_window(driver, folder, width: int, scheme: str) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    try:
        for path in sorted(folder.rglob("*.html")):
            driver.get(path.as_uri())
            assert driver.execute_script("return document.documentElement.scrollWidth") <= width, path.name
            light = driver.execute_script(
                "return Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]) > 128"
            )
            assert light == (scheme == "light")
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_everything_but_filters_works_without_scripts(driver, folder) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get((folder / "index.html").as_uri())
        assert not shown(driver, ".tools")
        assert len(shown(driver, "#documents tbody tr")) == 4
        driver.find_element("css selector", ".name a[href*='2-retold']").click()
        assert len(shown(driver, "li.finding")) == 3
        driver.find_element("css selector", "mark[data-findings='3'] a").click()
        assert driver.current_url.endswith("#f3")
        driver.find_element("css selector", "#f2 .evidence a").click()
        assert "1-news-harbour-txt.html#s" in driver.current_url
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_keyboard_is_enough(index) -> None:
    from selenium.webdriver.common.keys import Keys

    index.find_element("tag name", "body").send_keys(Keys.TAB)
    skip = index.switch_to.active_element
    assert skip.text == "Skip to the content"
    assert skip.is_displayed()
    skip.send_keys(Keys.ENTER)
    assert index.switch_to.active_element.get_attribute("id") == "main"
    unnamed = index.execute_script(
        "return [...document.querySelectorAll('button, select, input')]"
        ".filter((one) => !(one.labels?.length || one.textContent.trim())).length"
    )
    assert unnamed == 0


def test_a_story_shows_graph_documents_and_quotations(driver, folder) -> None:
    page(driver, folder, 2)
    driver.find_element("css selector", ".crumbs a[href='story-1.html']").click()
    assert len(shown(driver, ".side article")) == 2
    assert len(driver.find_elements("css selector", "svg g.node")) == 3
    assert len(driver.find_elements("css selector", "svg .tie.g-quotes")) == 1
    assert [text.strip() for text in shown(driver, ".wording:last-child ins")] == ["not"]
    assert "Solvang" in " ".join(shown(driver, "td ins"))
    driver.find_element("tag name", "body").send_keys("j")
    assert driver.switch_to.active_element.tag_name == "h2"
    driver.find_element("css selector", "svg a").click()
    assert "pages/1-" in driver.current_url or "pages/2-" in driver.current_url
    assert driver.get_log("browser") == []


def test_decisions_are_kept_and_downloaded(driver, folder, tmp_path) -> None:
    from auditor.triage import read_baseline

    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    page(driver, folder, 2)
    driver.find_element("css selector", "#f2 select option[value=accepted]").click()
    driver.find_element("css selector", "#f1 select option[value=confirmed]").click()
    driver.refresh()
    assert driver.find_element("css selector", "#f2 select").get_property("value") == "accepted"
    driver.find_element("id", "export").click()
    for _ in range(100):
        if (tmp_path / "baseline.json").exists():
            break
        time.sleep(0.1)
    finding = next(one for one in sample().documents[1].findings if one.rule == "NM001")
    assert read_baseline(tmp_path / "baseline.json") == (finding.fingerprint,)
    driver.execute_script("localStorage.clear()")
    assert driver.get_log("browser") == []


AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing_serious(driver, folder, scheme: str) -> None:
    if not AXE.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail("axe-core is missing: npm ci --prefix tests/browser")
        pytest.skip("axe-core is not installed (npm ci --prefix tests/browser)")
    source = AXE.read_text("utf-8")
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    try:
        for path in sorted(folder.rglob("*.html")):
            driver.get(path.as_uri())
            driver.execute_script(source)
            found = driver.execute_async_script(
                "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then((r) => done("
                "r.violations.map((v) => [v.impact, v.id, v.nodes.slice(0, 3).map((n) => n.html)])));"
            )
            serious = [one for one in found if one[0] in {"serious", "critical"}]
            assert not serious, f"{path.name}: {serious}"
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_the_interface_speaks_ukrainian(driver, tmp_path_factory) -> None:
    target = tmp_path_factory.mktemp("uk")
    with speak("uk"):
        HtmlFormatter().write(sample(), target)
    driver.get((target / "index.html").as_uri())
    assert driver.find_element("tag name", "h1").text == "Перевірено 4 документи"
    assert driver.find_element("tag name", "html").get_attribute("lang") == "uk"
    assert driver.find_element("id", "shown").text == "документів: 4 з 4"
    driver.find_element("css selector", ".name a").click()
    assert "Звідки текст" in driver.page_source
