// While the slider of a trace is moved, say which entry and day it stands at; without this it works by its button alone.
const slider = document.querySelector("[data-moments]");
if (slider) {
  const said = document.getElementById(slider.dataset.moments);
  const moments = [...document.querySelectorAll("[data-moment]")].map((each) => [Number(each.dataset.moment), each.textContent.trim()]);
  const say = () => {
    const at = Number(slider.value);
    const last = moments.filter(([index]) => index <= at).pop();
    said.textContent = `${at.toLocaleString("en")}${last ? ` · ${last[1]}` : ""}`;
  };
  slider.addEventListener("input", say);
  say();
}
