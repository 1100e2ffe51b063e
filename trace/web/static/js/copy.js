// Copy a code with one touch. The buttons stay hidden where the clipboard cannot be used.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const word = button.querySelector("span");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return; // refused by the browser: the code can still be marked by hand
    }
    const before = word.textContent;
    word.textContent = button.dataset.done;
    word.classList.remove("away");
    setTimeout(() => {
      word.textContent = before;
      word.classList.add("away");
    }, 1600);
  });
  // What htmx brings in later has its buttons too.
  new MutationObserver(() => {
    for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  }).observe(document.body, { childList: true, subtree: true });
}
