// What the pages do beyond plain links and forms; all of them work without it.
"use strict";
(function () {
  var question = document.querySelectorAll("input[name=q][list]");
  var last = "";
  question.forEach(function (box) {
    box.addEventListener("input", function () {
      var text = box.value;
      if (text === last || text.length > 200) return;
      last = text;
      fetch("/suggest?q=" + encodeURIComponent(text)).then(function (answer) { return answer.json(); }).then(function (found) {
        if (box.value !== text) return;
        var list = document.getElementById(box.getAttribute("list"));
        list.replaceChildren.apply(list, found.map(function (words) {
          var option = document.createElement("option");
          option.value = words;
          return option;
        }));
      }).catch(function () {});
    });
  });

  document.querySelectorAll("button.copy").forEach(function (button) {
    var text = button.parentElement.querySelector("textarea");
    button.hidden = false;
    button.addEventListener("click", function () {
      text.select();
      var done = function () { button.textContent = button.textContent.replace(/ ✓$/, "") + " ✓"; };
      if (navigator.clipboard) navigator.clipboard.writeText(text.value).then(done, function () { document.execCommand("copy"); done(); });
      else { document.execCommand("copy"); done(); }
    });
  });

  document.querySelectorAll("form.facets").forEach(function (form) {
    form.addEventListener("change", function () { form.requestSubmit(); });
  });

  var reader = document.querySelector(".reader");
  function light(place) {
    document.querySelectorAll(".lit").forEach(function (one) { one.classList.remove("lit"); });
    if (!place) return null;
    var found = reader.querySelectorAll("mark[data-passages~='" + CSS.escape(place) + "']");
    found.forEach(function (one) { one.classList.add("lit"); });
    reader.querySelectorAll(".box[data-passages~='" + CSS.escape(place) + "']").forEach(function (one) { one.classList.add("lit"); });
    var beside = reader.querySelector(".margin [data-passage='" + CSS.escape(place) + "']");
    if (beside) beside.parentElement.classList.add("lit");
    return found[0];
  }
  function follow() {
    var place = location.hash.replace(/^#excerpt-/, "");
    if (!/^\d+-\d+$/.test(place)) return;
    var first = light(place), at = document.getElementById("excerpt-" + place);
    if (first) first.scrollIntoView({ block: "center" });
    if (at) at.focus({ preventScroll: true });
  }
  if (reader) {
    addEventListener("hashchange", follow);
    follow();
    reader.addEventListener("click", function (event) {
      var mark = event.target.closest("mark");
      if (mark && !String(getSelection())) light(mark.dataset.passages.split(" ").pop());
    });
  }

  function close(except) {
    document.querySelectorAll(".menu details[open]").forEach(function (one) {
      if (!one.contains(except)) one.open = false;
    });
  }
  document.addEventListener("click", function (event) { close(event.target); });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") close(null);
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      var box = document.getElementById("ask") || document.getElementById("q");
      if (box) { event.preventDefault(); box.focus(); }
    } else if (event.key === "Escape" && typing) {
      document.activeElement.blur();
    }
  });
})();
