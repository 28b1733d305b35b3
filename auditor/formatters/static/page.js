"use strict";
// Ties the marks in the text to the list of findings, and filters both.
(() => {
  const items = [...document.querySelectorAll("li.finding")];
  const marks = [...document.querySelectorAll("mark.m")];
  const boxes = [...document.querySelectorAll("input[name=severity], input[name=family]")];
  const numbersOf = (mark) => mark.dataset.findings.split(" ");
  const item = (number) => document.getElementById(`f${number}`);
  const marksOf = (number) => marks.filter((mark) => numbersOf(mark).includes(number));
  // Words come from the page, in its language; each "{}" is a number.
  const said = (element, ...numbers) => element.dataset.said.replace(/\{\}/g, () => numbers.shift());
  let current = null;

  const unfold = (element) => {
    for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  };

  const filter = () => {
    const on = (name) => new Set(boxes.filter((box) => box.name === name && box.checked).map((box) => box.value));
    const severities = on("severity");
    const families = on("family");
    for (const one of items) one.hidden = !(severities.has(one.dataset.severity) && families.has(one.dataset.family));
    for (const mark of marks) mark.classList.toggle("off", numbersOf(mark).every((number) => item(number).hidden));
    const shown = items.filter((one) => !one.hidden).length;
    const output = document.getElementById("shown");
    if (output) output.textContent = said(output, shown, items.length);
  };

  const choose = (number, follow) => {
    const chosen = item(number);
    if (!chosen) return;
    for (const old of document.querySelectorAll(".current")) old.classList.remove("current");
    chosen.classList.add("current");
    const places = marksOf(number);
    for (const mark of places) mark.classList.add("current");
    current = number;
    history.replaceState(null, "", `#f${number}`);
    if (follow === "item" || follow === "both") {
      chosen.focus({ preventScroll: true });
      chosen.scrollIntoView({ block: "nearest" });
    }
    if ((follow === "mark" || follow === "both") && places.length) {
      unfold(places[0]);
      places[0].scrollIntoView({ block: "center" });
    }
  };

  const step = (by) => {
    const shown = items.filter((one) => !one.hidden);
    if (!shown.length) return;
    const at = shown.findIndex((one) => one.id === `f${current}`);
    const next = at < 0 ? (by > 0 ? 0 : shown.length - 1) : (at + by + shown.length) % shown.length;
    choose(shown[next].id.slice(1), "both");
  };

  for (const box of boxes) box.addEventListener("change", filter);
  for (const mark of marks) {
    mark.addEventListener("click", (event) => {
      event.preventDefault();
      // Where findings overlap, each further click goes to the next of them.
      const shown = numbersOf(mark).filter((number) => !item(number).hidden);
      if (shown.length) choose(shown[(shown.indexOf(current) + 1) % shown.length], "item");
    });
  }
  for (const one of items) {
    one.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (link && !link.closest(".where")) return;
      if (link) event.preventDefault();
      else if (String(getSelection())) return;
      choose(one.id.slice(1), "mark");
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });

  // A reviewer's decisions stay in this browser; the download is a baseline for the next run.
  const run = `auditor ${document.body.dataset.run} `;
  const stored = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(run)).map((key) => JSON.parse(localStorage[key]));
    } catch {
      return [];
    }
  };
  const selects = [...document.querySelectorAll("select[name=decision]")];
  const tell = () => {
    const output = document.getElementById("decided");
    if (output) output.textContent = said(output, stored().length);
  };
  const paint = (select) => select.closest("li").classList.toggle("accepted", select.value === "accepted");
  for (const select of selects) {
    const key = run + select.dataset.fingerprint;
    try {
      select.value = key in localStorage ? JSON.parse(localStorage[key]).decision : "";
    } catch {
      select.value = "";
    }
    paint(select);
    select.addEventListener("click", (event) => event.stopPropagation());
    select.addEventListener("change", () => {
      const { fingerprint, rule } = select.dataset;
      const decision = { fingerprint, rule, document: document.body.dataset.document, decision: select.value };
      if (select.value) localStorage.setItem(key, JSON.stringify(decision));
      else localStorage.removeItem(key);
      paint(select);
      tell();
    });
  }
  tell();
  document.getElementById("export")?.addEventListener("click", () => {
    const decisions = stored().sort((a, b) => (a.document + a.fingerprint < b.document + b.fingerprint ? -1 : 1));
    const text = `${JSON.stringify({ schema: "auditor-baseline/1", decisions }, null, 1)}\n`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "baseline.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  const arrive = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    unfold(target);
    if (target.matches("li.finding")) choose(target.id.slice(1), "both");
    else if (target.id.startsWith("s")) target.scrollIntoView({ block: "center" });
  };
  window.addEventListener("hashchange", arrive);
  window.addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details.fold")) one.open = true;
  });
  document.documentElement.classList.add("js");
  filter();
  arrive();
})();
