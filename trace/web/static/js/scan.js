// Read a trace code with the camera into the field that a button names (components/scan.html). The camera is asked for only
// on that touch. Where the browser has no decoder of its own the button stays hidden: the phone's own camera reads the
// label, which is an address, and hand scanners type.
const BETWEEN_LOOKS_MS = 150;

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

// The text of the first QR code that the camera sees; null when the reader closes it.
async function read(closeWord) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const dialog = document.createElement("dialog");
  const video = document.createElement("video");
  const close = document.createElement("button");
  video.muted = true;
  video.playsInline = true;
  close.type = "button";
  close.textContent = closeWord;
  const frame = document.createElement("article");
  frame.append(video, close);
  dialog.append(frame);
  document.body.append(dialog);
  let open = true;
  dialog.addEventListener("close", () => (open = false));
  close.addEventListener("click", () => dialog.close());
  try {
    video.srcObject = stream;
    dialog.showModal();
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    while (open) {
      const [found] = await detector.detect(video);
      if (found?.rawValue) return found.rawValue;
      await new Promise((again) => setTimeout(again, BETWEEN_LOOKS_MS));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  }
}

if (await canRead()) {
  for (const button of document.querySelectorAll("[data-scan]")) {
    const field = document.getElementById(button.dataset.scan);
    const said = button.nextElementSibling;
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = "";
      button.disabled = true;
      try {
        const text = await read(button.dataset.close);
        if (text === null) return;
        const before = button.hasAttribute("data-more") ? field.value.trim() : "";
        field.value = before ? `${before}, ${text}` : text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        // As a hand scanner ends a code: where a page gathers codes into a list (live.js), that takes it.
        const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
        if (field.dispatchEvent(enter) && button.hasAttribute("data-send")) field.form.requestSubmit();
      } catch {
        said.textContent = button.dataset.refused;
        field.focus();
      } finally {
        button.disabled = false;
      }
    });
  }
}
