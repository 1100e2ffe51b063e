// A form that the server looks at while it is filled in: what it understood replaces the parts marked for it.
// Without this the form's button "check" does the same for the whole page.
const PAUSE_MS = 300;

function watch(form) {
  let waiting, asking = false, again = false;

  async function ask() {
    if (asking) { again = true; return; }
    asking = true;
    const typed = new URLSearchParams(new FormData(form));
    typed.set("check", "yes");
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed, headers: { Accept: "text/html" } });
      if ((answer.headers.get("Content-Type") ?? "").startsWith("text/html")) show(await answer.text());
    } catch { /* No network: what stands there stays, and sending the form tells. */ }
    asking = false;
    if (again) { again = false; ask(); }
  }

  function show(html) {
    const answered = new DOMParser().parseFromString(html, "text/html");
    for (const part of document.querySelectorAll("[data-live-part]")) {
      const fresh = answered.getElementById(part.id);
      // Into a part somebody may be typing, and what was typed may be newer than the answer.
      if (!fresh || part.querySelector("input:focus")) continue;
      for (const typed of part.querySelectorAll("input[name]")) {
        const field = fresh.querySelector(`[name="${CSS.escape(typed.name)}"]`);
        if (field) field.value = typed.value;
      }
      part.replaceChildren(...fresh.childNodes);
    }
  }

  function soon(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(ask, pause);
  }

  form.addEventListener("input", (event) => { if (!event.target.closest("[data-next-code]")) soon(PAUSE_MS); });

  // A hand scanner types a code and the Enter key: the code goes into the list, and the field waits for the next one.
  const scan = form.querySelector("[data-next-code]");
  const list = form.querySelector("[data-codes]");
  scan?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!scan.value.trim()) return;
    list.value = `${list.value.trimEnd()}\n${scan.value.trim()}`.trimStart();
    scan.value = "";
    soon(0);
  });
}

document.querySelectorAll("form[data-live]").forEach(watch);
