// Starts textual-serve's terminal once the fonts are there, since it measures and keeps glyphs.
"use strict";

const start = () => {
  const script = document.createElement("script");
  script.src = "/textual.js";
  script.onload = () => {
    // That script waits for the page to be loaded, which it may be already.
    const run = window.onload;
    window.onload = null;
    run(new Event("load"));
  };
  document.head.append(script);
};
document.fonts.load('16px "Roboto Mono"', "a坑").then(start, start);

// The board is told of the focus once it is there to hear it.
new MutationObserver((_changes, observer) => {
  if (!document.body.classList.contains("-first-byte")) return;
  observer.disconnect();
  document.querySelector(".xterm-helper-textarea").focus();
}).observe(document.body, { attributeFilter: ["class"] });

// The terminal would send ctrl+v as a key, and keep the browser from pasting.
document.addEventListener("keydown", (event) => {
  const isAlone = event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
  if (isAlone && event.key.toLowerCase() === "v") event.stopImmediatePropagation();
}, true);

// What ends a paste must not stand in what is pasted: the rest of it would be keys.
document.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain");
  if (!text.includes("\x1b")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text.replaceAll("\x1b", "␛"));
  event.target.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}, true);

document.getElementById("again").addEventListener("click", () => window.location.reload());
