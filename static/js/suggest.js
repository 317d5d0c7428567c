/* Names under the search box while one types. The form works without: this only saves typing.
   A combobox with a list (WAI-ARIA APG): arrows move, Enter takes, Escape closes; focus stays in the box. */
(function () {
  "use strict";
  var MOST = 8, WAIT = 150;
  if (!window.fetch || !window.URLSearchParams) { return; }

  Array.prototype.forEach.call(document.querySelectorAll("input[data-suggestions]"), function (box) {
    var address = box.getAttribute("data-suggestions");
    var list = document.createElement("ul");
    var said = document.createElement("div");
    var timer = 0, asked = 0, at = -1, rows = [];
    list.id = box.id + "-list";
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.labels && box.labels.length ? box.labels[0].textContent : "");
    said.className = "hidden-text";
    said.setAttribute("role", "status");
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-controls", list.id);
    box.parentNode.insertBefore(list, box.nextSibling);
    box.parentNode.insertBefore(said, list.nextSibling);
    box.parentNode.classList.add("has-suggestions");

    function close() {
      list.hidden = true;
      at = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }

    function choose(number) {
      if (rows[at]) { rows[at].setAttribute("aria-selected", "false"); }
      at = number;
      if (at < 0) { box.removeAttribute("aria-activedescendant"); return; }
      rows[at].setAttribute("aria-selected", "true");
      box.setAttribute("aria-activedescendant", rows[at].id);
    }

    function take(row) {
      box.value = row.getAttribute("data-words");
      close();
      box.form.submit();
    }

    function show(found) {
      list.textContent = "";
      rows = found.slice(0, MOST).map(function (name, number) {
        var row = document.createElement("li"), kind = document.createElement("span");
        row.id = list.id + "-" + number;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        row.setAttribute("data-words", name.words);
        row.appendChild(document.createTextNode(name.words));
        kind.textContent = name.kind;
        row.appendChild(kind);
        row.addEventListener("mousedown", function (event) { event.preventDefault(); take(row); });
        list.appendChild(row);
        return row;
      });
      at = -1;
      list.hidden = !rows.length;
      box.setAttribute("aria-expanded", String(rows.length > 0));
      said.textContent = rows.length ? (box.getAttribute("data-suggestions-said") || "#").replace("#", rows.length) : "";
    }

    function ask() {
      var typed = box.value.trim(), number = ++asked;
      if (!typed) { close(); return; }
      fetch(address + "?" + new URLSearchParams({ q: typed }), { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.json() : []; })
        .then(function (found) { if (number === asked && document.activeElement === box) { show(found); } })
        .catch(function () { /* no suggestions then */ });
    }

    box.addEventListener("input", function (event) {
      if (event.isComposing) { return; }  /* an input method is at work */
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    box.addEventListener("compositionend", function () { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
    box.addEventListener("blur", close);
    box.addEventListener("keydown", function (event) {
      if (list.hidden || event.isComposing) { return; }
      if (event.key === "ArrowDown") { choose((at + 1) % rows.length); }
      else if (event.key === "ArrowUp") { choose(at <= 0 ? rows.length - 1 : at - 1); }
      else if (event.key === "Enter" && at >= 0) { take(rows[at]); }
      else if (event.key === "Escape") { close(); }
      else { return; }
      event.preventDefault();
    });
  });
}());
