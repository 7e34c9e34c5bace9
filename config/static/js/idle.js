// The idle lock: covers the page before the session locks, and lets what was typed live on under it.
// Without this file the page goes to the lock by itself, and a form sent there is kept until the password.
(() => {
  "use strict";

  const dialog = document.querySelector("[data-idle]");
  if (!dialog) return;
  const LIMIT = Number(dialog.dataset.minutes) * 60_000;
  const EARLY = 5_000; // milliseconds: covered before the session locks, never after
  const PAUSE = 60_000; // milliseconds between two signs of life to the server
  const CHECK = 2_000;

  const form = dialog.querySelector("[data-idle-form]");
  const told = dialog.querySelector("[data-idle-error]");
  const token = form.elements.csrfmiddlewaretoken.value;
  let last = Date.now(); // the last moment the server has heard of us
  let asking = false;

  const ask = async (address, method, body) => {
    const answer = await fetch(address, {
      method,
      body,
      cache: "no-store",
      headers: { Accept: "application/json" },
    });
    // A session that has ended answers with the sign-in page.
    if (answer.redirected || answer.status === 401) return { ended: true, left: 0 };
    if (!answer.ok) throw new Error("no answer");
    return answer.json();
  };

  const cover = () => {
    if (dialog.open) return;
    told.hidden = true;
    form.reset();
    document.documentElement.classList.add("locked");
    dialog.showModal();
  };

  const uncover = () => {
    document.documentElement.classList.remove("locked");
    if (dialog.open) dialog.close();
  };

  const heard = (left) => {
    last = Date.now() - LIMIT + left * 1000;
    if (Date.now() - last < LIMIT - EARLY) uncover();
    else cover();
  };

  // Another tab may have been in use: the server knows. Without an answer the page is covered.
  const look = async () => {
    if (asking) return;
    asking = true;
    try {
      heard((await ask(dialog.dataset.active, "GET")).left);
    } catch {
      cover();
    }
    asking = false;
  };

  const live = async () => {
    if (dialog.open || asking || Date.now() - last < PAUSE) return;
    asking = true;
    try {
      heard((await ask(dialog.dataset.active, "POST", new URLSearchParams({ csrfmiddlewaretoken: token }))).left);
    } catch {
      // No connection: the time runs on.
    }
    asking = false;
  };

  const unlock = async (sent) => {
    told.hidden = true;
    try {
      const answer = await ask(form.action, "POST", new URLSearchParams(new FormData(sent)));
      if (answer.ended || answer.url) {
        window.location.assign(answer.url || form.action);
        return;
      }
      if (!answer.locked) {
        form.reset();
        heard(answer.left);
        return;
      }
      told.textContent = answer.error;
    } catch {
      told.textContent = dialog.dataset.failed;
    }
    told.hidden = false;
    form.elements.password.value = "";
    form.elements.password.focus();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    unlock(form);
  });
  const passkey = dialog.querySelector("[data-passkey]");
  if (passkey) passkey.addEventListener("passkey", () => unlock(passkey));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    if (document.documentElement.classList.contains("locked")) dialog.showModal();
  });

  for (const sign of ["input", "keydown", "pointerdown"]) document.addEventListener(sign, live, { passive: true });
  window.setInterval(() => {
    if (!dialog.open && Date.now() - last >= LIMIT - EARLY) look();
  }, CHECK);
  // A computer that was asleep, a tab that was behind, a page kept in memory.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && (dialog.open || Date.now() - last >= PAUSE)) look();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });
})();
