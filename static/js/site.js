/* Small helps for those whose browser runs scripts. Every page works without. */
(function () {
  "use strict";

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  /* Older browsers know `autofocus` on fields only: bring the reader to the summary of faults. */
  each("#error-summary", function (summary) { summary.focus(); });

  /* A second press while the first is under way does nothing. Coming back makes the form usable again. */
  each("form[method=post]", function (form) {
    form.addEventListener("submit", function (event) {
      if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
      form.setAttribute("data-sent", "");
    });
  });
  window.addEventListener("pageshow", function () {
    each("form[data-sent]", function (form) { form.removeAttribute("data-sent"); });
  });

  each("button[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  if (navigator.share) {
    each("button[data-share]", function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        navigator.share({
          title: button.getAttribute("data-share"), url: button.getAttribute("data-address")
        }).catch(function () { /* the reader changed their mind */ });
      });
    });
  }

  /* Look at what was typed into a password field. The words come from the page, in its language. */
  each("button[data-show]", function (button) {
    var field = document.getElementById(button.getAttribute("data-show"));
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
  });
}());
