// Passkeys. Without this file their buttons stay hidden, and the code or the password is the way in.
(() => {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) {
    for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = false;
    return;
  }

  // The server speaks base64url, the browser bytes.
  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const toText = (buffer) => {
    let plain = "";
    for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const withBytes = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.challenge, {
      method: "POST",
      body: new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value }),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error("no challenge");
    return { request_options: await answer.json() };
  };

  const create = (publicKey) =>
    navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
        excludeCredentials: withBytes(publicKey.excludeCredentials),
      },
    });

  const get = (publicKey) =>
    navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        allowCredentials: withBytes(publicKey.allowCredentials),
      },
    });

  const written = (credential) => {
    const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  const wordsFor = (error, words) => {
    if (error.name === "NotAllowedError" || error.name === "AbortError") return words.cancelled;
    if (error.name === "SecurityError") return words.address;
    if (error.name === "InvalidStateError") return words.known;
    return words.failed;
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const told = form.querySelector("[data-passkey-error]");
    const button = form.querySelector("button");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      told.hidden = true;
      button.disabled = true;
      try {
        const options = await optionsOf(form);
        const credential = options.creation_options
          ? await create(options.creation_options.publicKey)
          : await get(options.request_options.publicKey);
        form.elements.credential.value = written(credential);
        if ("inPlace" in form.dataset) form.dispatchEvent(new CustomEvent("passkey"));
        else form.submit();
      } catch (error) {
        told.textContent = wordsFor(error, form.dataset);
        told.hidden = false;
      }
      button.disabled = false;
    });
  }
})();
