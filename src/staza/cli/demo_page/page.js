"use strict";
// Without this the page reads the same; it adds the filter, and opens what is folded before printing.
const form = document.getElementById("filter");
const rows = [...document.querySelectorAll("[data-case]")];
const count = document.getElementById("count");
function apply() {
  const wanted = ["court", "state", "agreement"].map((name) => [name, form.elements[name].value]);
  let shown = 0;
  for (const row of rows) {
    row.hidden = wanted.some(([name, value]) => value && row.dataset[name] !== value);
    shown += !row.hidden && row.tagName === "TR";
  }
  count.textContent = `${shown} of ${rows.length / 2} cases shown`;
}
if (form) {
  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
}
// A link to an entry or article that is folded away opens what hides it.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  if (target && target.closest("[data-case][hidden]") && form) form.reset();
}
addEventListener("hashchange", unfold);
unfold();
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const one of opened) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of opened) one.open = false;
});
