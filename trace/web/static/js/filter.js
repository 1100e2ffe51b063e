// Narrow a table that is already on the page. The box shows itself only where this runs.
for (const box of document.querySelectorAll("[data-filter]")) {
  const rows = [...document.querySelectorAll(`#${box.dataset.filter} tbody tr`)];
  const none = document.querySelector(`[data-none-of="${box.dataset.filter}"]`);
  box.closest("[hidden]")?.removeAttribute("hidden");
  const texts = rows.map((row) => row.textContent.normalize("NFKC").toLowerCase());
  box.addEventListener("input", () => {
    const words = box.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, n) => {
      row.hidden = !words.every((word) => texts[n].includes(word));
      if (!row.hidden) shown += 1;
    });
    if (none) none.hidden = shown > 0;
  });
}
