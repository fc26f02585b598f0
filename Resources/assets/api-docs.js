// Shows the description of the API with Swagger UI; without script the page says where it is.
"use strict"
window.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("api")
  window.SwaggerUIBundle({
    url: place.dataset.description,
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    // Nothing leaves for elsewhere, neither the description nor a token typed here.
    validatorUrl: null,
    persistAuthorization: false,
    layout: "BaseLayout",
  })
})
