// Files by drag and drop, with the progress of the upload. Without this file the form works as a form.
function prepare(form) {
  const zone = form.querySelector(".drop");
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector("ul");
  const bar = form.querySelector("progress");
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  const limit = Number(form.dataset.limit);

  const show = () => {
    list.replaceChildren(
      ...[...input.files].map((file) => {
        const line = document.createElement("li");
        line.textContent = `${file.name} · ${Math.max(1, Math.round(file.size / 1000)).toLocaleString("en")} kB`;
        return line;
      }),
    );
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    said.textContent = size > limit ? form.dataset.tooLarge : "";
    button.disabled = size > limit;
  };

  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    show();
  });

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    const request = new XMLHttpRequest(); // fetch cannot tell how far an upload has come
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    button.disabled = true;
    bar.hidden = false;
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      bar.max = step.total;
      bar.value = step.loaded;
      said.textContent = step.loaded < step.total ? form.dataset.sending : form.dataset.reading;
    });
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL) {
        location.assign(request.responseURL);
        return;
      }
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = answer.querySelector("main");
      if (main) {
        document.querySelector("main").replaceChildren(...main.childNodes);
        document.querySelectorAll("form[data-drop]").forEach(prepare); // the next file drops like the first
        document.querySelector(".summary")?.focus();
      } else {
        fail();
      }
    });
    const fail = () => {
      said.textContent = form.dataset.failed;
      bar.hidden = true;
      button.disabled = false;
    };
    request.addEventListener("error", fail);
    request.send(new FormData(form));
  });
}

document.querySelectorAll("form[data-drop]").forEach(prepare);
