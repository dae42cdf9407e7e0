// Shows the OpenAPI document. Calls tried from here are made as the person of the session.

const place = document.getElementById("api");
const { schema, token } = place.dataset;
place.replaceChildren();

SwaggerUIBundle({
  url: schema,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (!["GET", "HEAD"].includes(request.method ?? "GET")) {
      request.headers["X-CSRFToken"] = token;
    }
    return request;
  },
});
