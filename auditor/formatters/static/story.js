"use strict";
// Keys: j and k go through the sections of a story; a table of ties opens before the page is printed.
(() => {
  const stops = [...document.querySelectorAll("main h2, .side > article")];
  let at = -1;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
    at = Math.max(0, Math.min(stops.length - 1, at + (event.key === "j" ? 1 : -1)));
    const stop = stops[at];
    stop.tabIndex = -1;
    stop.focus({ preventScroll: true });
    stop.scrollIntoView({ block: "start", inline: "nearest" });
  });
  window.addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
  document.documentElement.classList.add("js");
})();
