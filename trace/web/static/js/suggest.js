// Suggestions while typing into the search box: a combobox with a list of options (ARIA authoring practices). Without this
// file the box is a plain form.
const PAUSE_MS = 150;
const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";

function prepare(box, n) {
  const list = document.createElement("ul");
  list.id = `offers-${n}`;
  list.className = "offers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.offers);
  list.hidden = true;
  box.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    box.setAttribute(name, value);
  }
  let waiting, asked = 0, at = -1;

  function mark(to) {
    at = to;
    [...list.children].forEach((option, m) => option.setAttribute("aria-selected", String(m === at)));
    if (at < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", list.children[at].id);
  }

  function show(offers) {
    list.replaceChildren(
      ...offers.map((offer, m) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${m}`;
        option.setAttribute("role", "option");
        const kind = document.createElement("small");
        kind.className = "soft";
        kind.textContent = offer.label[language];
        option.dataset.text = offer.text;
        option.append(offer.text, kind);
        return option;
      }),
    );
    mark(-1);
    list.hidden = offers.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
  }

  async function ask() {
    const mine = ++asked;
    const typed = box.value.trim();
    if (!typed) return show([]);
    try {
      const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: typed })}`);
      if (mine === asked) show(answer.ok ? await answer.json() : []);
    } catch {
      show([]); // no network: sending the form tells
    }
  }

  function take(option) {
    box.value = option.dataset.text;
    show([]);
    box.form.requestSubmit();
  }

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  });
  box.addEventListener("keydown", (event) => {
    const many = list.children.length;
    if (event.isComposing || list.hidden || !many) return; // the arrows belong to the input method
    if (event.key === "ArrowDown") mark(at + 1 < many ? at + 1 : -1);
    else if (event.key === "ArrowUp") mark(at < 0 ? many - 1 : at - 1);
    else if (event.key === "Escape") show([]);
    else if (event.key === "Enter" && at >= 0) take(list.children[at]);
    else return;
    event.preventDefault();
  });
  box.addEventListener("blur", () => {
    asked += 1; // what still comes comes too late
    clearTimeout(waiting);
    show([]);
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

document.querySelectorAll("input[data-suggest]").forEach(prepare);
