// Shows the description that the same front serves. Calls go to this front too, with the token that is given on the page.
SwaggerUIBundle({url: "/openapi.yaml", dom_id: "#reference", deepLinking: true, docExpansion: "none", validatorUrl: null});
