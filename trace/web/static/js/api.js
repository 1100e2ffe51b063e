// The interactive description of the API, from local files only.
const place = document.querySelector("#api");
window.SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
});
