"use strict";
// Sorts and filters the table of documents; the state is kept in the address after "#", so that it can be shared.
(() => {
  const table = document.getElementById("documents");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const order = new Map(rows.map((row, at) => [row, at]));
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const controls = ["decision", "severity", "rule", "q"].map((id) => document.getElementById(id));
  const state = { decision: "", severity: "", rule: "", q: "", sort: "", dir: "asc" };
  const decisions = { reject: 0, review: 1, accept: 2 };
  const keys = {
    title: (row) => row.cells[0].textContent.trim().toLowerCase(),
    decision: (row) => decisions[row.dataset.decision] ?? 3,
    risk: (row) => -Number(row.dataset.risk),
    label: (row) => row.dataset.label,
    language: (row) => row.cells[4].textContent.trim(),
    findings: (row) => -Number(row.dataset.findings),
  };

  const matches = (row) => {
    if (state.decision && row.dataset.decision !== state.decision) return false;
    if (state.q && !state.q.toLowerCase().split(/\s+/).every((word) => words.get(row).includes(word))) return false;
    if (!state.rule && !state.severity) return true;
    const least = Number(state.severity || 0);
    return row.dataset.rules.split(" ").some((pair) => {
      const [code, worst] = pair.split(":");
      return code && code.startsWith(state.rule) && Number(worst) >= least;
    });
  };

  const sort = () => {
    const key = keys[state.sort];
    const sign = state.dir === "desc" ? -1 : 1;
    const sorted = [...rows].sort((a, b) => {
      const [x, y] = key ? [key(a), key(b)] : [0, 0];
      const less = typeof x === "string" ? x.localeCompare(y) : x - y;
      return sign * less || order.get(a) - order.get(b);
    });
    body.append(...sorted);
    for (const button of table.querySelectorAll("button[data-sort]")) {
      const active = button.dataset.sort === state.sort;
      const direction = state.dir === "desc" ? "descending" : "ascending";
      button.closest("th").setAttribute("aria-sort", active ? direction : "none");
    }
  };

  const show = () => {
    let shown = 0;
    for (const row of rows) {
      row.hidden = !matches(row);
      if (!row.hidden) shown += 1;
    }
    const output = document.getElementById("shown");
    const numbers = [shown, rows.length];
    output.textContent = output.dataset.said.replace(/\{\}/g, () => numbers.shift());
    document.getElementById("none").hidden = shown > 0 || rows.length === 0;
  };

  const read = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const name of Object.keys(state)) state[name] = given.get(name) ?? (name === "dir" ? "asc" : "");
    for (const control of controls) {
      control.value = state[control.id];
      // A value that this table does not offer must not hide everything.
      if (control.value !== state[control.id]) state[control.id] = control.value = "";
    }
    sort();
    show();
  };

  const write = () => {
    const kept = Object.entries(state).filter(([name, value]) => value && !(name === "dir" && !state.sort));
    const hash = new URLSearchParams(kept).toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  for (const control of controls) {
    control.addEventListener(control.tagName === "SELECT" ? "change" : "input", () => {
      state[control.id] = control.value;
      write();
      show();
    });
  }
  document.getElementById("reset").addEventListener("click", () => {
    history.replaceState(null, "", location.pathname + location.search);
    read();
  });
  table.tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-sort]");
    if (!button) return;
    const again = state.sort === button.dataset.sort;
    state.dir = again && state.dir === "asc" ? "desc" : "asc";
    state.sort = button.dataset.sort;
    write();
    sort();
  });
  // A plain anchor (#rules-heading) is no state; links of the charts are, and they lead to the table.
  const follow = () => {
    if (location.hash && !location.hash.includes("=")) return;
    read();
    if (location.hash) document.getElementById("documents-heading").scrollIntoView();
  };
  window.addEventListener("hashchange", follow);
  document.documentElement.classList.add("js");
  if (location.hash.includes("=")) read();
  else {
    sort();
    show();
  }
})();
