// Photos that are too many or too large are told before they travel; the server tells it too.
for (const field of document.querySelectorAll("input[type=file][data-most]")) {
  field.addEventListener("change", () => {
    const { most, largest, together, tooMuch } = field.dataset;
    const sizes = [...field.files].map((file) => file.size);
    const fits =
      sizes.length <= Number(most) &&
      sizes.every((size) => size <= Number(largest)) &&
      sizes.reduce((sum, size) => sum + size, 0) <= Number(together);
    field.setCustomValidity(fits ? "" : tooMuch);
    field.reportValidity();
  });
}
