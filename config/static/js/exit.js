// Exit this page. Without this file the button is a plain link to the same address.
(() => {
  "use strict";

  const PRESSES = 3;
  const PATIENCE = 5000; // milliseconds between two presses

  const links = [...document.querySelectorAll("[data-exit]")];
  if (!links.length) return;
  const words = links[0].dataset;
  const status = document.querySelector("[data-exit-status]");

  let presses = 0;
  let alone = false;
  let timer = 0;

  const lights = links
    .filter((link) => link.classList.contains("btn"))
    .map((link) => {
      const row = document.createElement("span");
      row.className = "exit-lights";
      row.hidden = true;
      row.setAttribute("aria-hidden", "true");
      for (let i = 0; i < PRESSES; i += 1) row.append(document.createElement("i"));
      link.append(row);
      return row;
    });

  const show = () => {
    for (const row of lights) {
      row.hidden = presses === 0;
      [...row.children].forEach((light, i) => light.classList.toggle("on", i < presses));
    }
  };

  const blank = () => {
    if (document.querySelector(".exit-blank")) return;
    document.documentElement.classList.add("leaving");
    const sheet = document.createElement("div");
    sheet.className = "exit-blank";
    sheet.setAttribute("role", "alert");
    document.body.append(sheet);
    const told = document.createElement("span");
    told.className = "vh";
    told.textContent = words.leaving;
    sheet.append(told);
  };

  const leave = () => {
    window.clearTimeout(timer);
    blank();
    // replace: the page that is left has no entry of its own to come back to
    window.location.replace(links[0].href);
  };

  const forget = () => {
    presses = 0;
    show();
    status.textContent = words.expired;
  };

  const press = () => {
    presses += 1;
    show();
    window.clearTimeout(timer);
    if (presses >= PRESSES) {
      leave();
      return;
    }
    status.textContent = presses === 1 ? words.two : words.one;
    timer = window.setTimeout(forget, PATIENCE);
  };

  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }

  // Only Shift pressed by itself counts, never Shift that made a capital letter.
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && alone) press();
    if (event.key === "Shift") alone = false;
  });

  // A browser that kept the page in memory would show it again on "back".
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.classList.contains("leaving")) leave();
  });
})();
