// Say about where the goods are: only on a touch, and rounded to a tenth of a degree before it leaves the phone.
const button = document.querySelector("[data-locate]");
if (button && navigator.geolocation) {
  const form = button.form;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.longitude.value = coords.longitude.toFixed(1);
        form.elements.latitude.value = coords.latitude.toFixed(1);
        form.elements.place.required = false;
        form.requestSubmit();
      },
      () => {
        button.disabled = false;
        button.nextElementSibling.textContent = button.dataset.refused;
        form.elements.place.focus();
      },
      { enableHighAccuracy: false, timeout: 10000, maximumAge: 600000 },
    );
  });
}
