// Suggestions while a place is typed. Without this file the box is a plain text box.
(() => {
  "use strict";

  const PAUSE = 200; // milliseconds without a key before it asks
  const ADDRESS = "/api/v1/places/";

  const attach = (input, number) => {
    const list = document.createElement("ul");
    list.id = `places-${number}`;
    list.className = "suggest";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.places);
    list.hidden = true;
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);

    let timer = 0;
    let asked = null; // the request that is under way
    let chosen = -1;

    const show = (isOpen) => {
      list.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
      if (!isOpen) point(-1);
    };

    const point = (at) => {
      chosen = at;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
      if (at < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      }
    };

    const close = () => {
      window.clearTimeout(timer);
      if (asked) asked.abort();
      show(false);
    };

    const take = (option) => {
      input.value = option.dataset.query;
      close();
    };

    const fill = (places) => {
      const options = places.map((place, i) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${i}`;
        option.setAttribute("role", "option");
        option.dataset.query = place.query;
        option.textContent = place.name;
        return option;
      });
      list.replaceChildren(...options);
      show(options.length > 0);
      point(-1);
      list.scrollIntoView({ block: "nearest" }); // past the buttons at the foot of a phone
    };

    const ask = async () => {
      if (asked) asked.abort();
      asked = new AbortController();
      try {
        // no-store and omit: nothing of what is typed stays in the browser, and no one is named
        const answer = await fetch(`${ADDRESS}?${new URLSearchParams({ q: input.value.trim() })}`, {
          cache: "no-store",
          credentials: "omit",
          headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang },
          signal: asked.signal,
        });
        if (answer.ok) fill((await answer.json()).results);
      } catch {
        show(false); // no connection: the box works as it is
      }
    };

    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      if (input.value.trim().length < 2) close();
      else timer = window.setTimeout(ask, PAUSE);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden) {
        if (event.key === "Escape") close(); // nor what is still being asked
        return;
      }
      const last = list.children.length - 1;
      if (event.key === "ArrowDown") point(chosen < last ? chosen + 1 : 0);
      else if (event.key === "ArrowUp") point(chosen > 0 ? chosen - 1 : last);
      else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    // Before the box loses its focus, which would close the list under the finger.
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
    show(false);
  };

  document.querySelectorAll("input[data-places]").forEach(attach);
})();
