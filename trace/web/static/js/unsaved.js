// Leaving a form with unsaved work asks first; sending it twice is held back until an answer is here.
const touched = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-guard")) touched.add(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  touched.delete(form);
  if (form.method !== "post" || form.hasAttribute("data-drop")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
});

addEventListener("beforeunload", (event) => {
  const open = [...touched].some((form) => form.isConnected);
  if (open) event.preventDefault();
});

// Coming back by the browser's history must find a form that can be sent.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
