// Keeps an open page as the study is: the content is exchanged in place, so that scroll, focus and what was opened stay.
"use strict";
(function () {
  var bar = document.getElementById("broken");
  if (!window.EventSource || !bar) return;
  var shown = document.body.dataset.build, asked = "";

  function refresh(build) {
    asked = build;
    // What somebody types just now, in the content itself, is not taken away.
    if (document.querySelector("main .busy")) return setTimeout(function () { if (asked === build) refresh(build); }, 300);
    // What is explored is drawn by a script of its own; its address has all of it.
    if (document.querySelector("script[src$='explore.js']")) return location.reload();
    fetch(location.href, { headers: { Accept: "text/html" } }).then(function (answer) { return answer.text(); }).then(function (text) {
      if (asked !== build) return;
      // What stands at the top of the window stays there, if it is still on the page.
      var top = document.elementFromPoint(innerWidth / 2, innerHeight / 3), x = scrollX, y = scrollY;
      var before = top && top.getBoundingClientRect().top;
      var fresh = new DOMParser().parseFromString(text, "text/html");
      ["main", "footer"].forEach(function (name) {
        var now = document.querySelector(name), next = fresh.querySelector(name);
        // A click on words makes all of the content active, which would then be left as it is.
        if (now && next) Idiomorph.morph(now, next, { ignoreActiveValue: document.activeElement !== now });
      });
      if (top && top.isConnected && top.closest("main")) scrollTo(x, scrollY + top.getBoundingClientRect().top - before);
      else scrollTo(x, y);
      document.title = fresh.title;
      shown = document.body.dataset.build = fresh.body.dataset.build || build;
      document.dispatchEvent(new Event("refreshed"));
    }).catch(function () { asked = ""; });
  }

  function line(finding) {
    var item = document.createElement("li"), where = document.createElement("code");
    where.textContent = finding.line ? finding.file + ":" + finding.line : finding.file;
    item.append(where, " " + finding.message);
    if (finding.mend) {
      var mend = document.createElement("span");
      mend.className = "mend";
      mend.textContent = finding.mend;
      item.append(document.createElement("br"), mend);
    }
    return item;
  }

  function tell(told) {
    var broken = told.findings.length > 0 || told.trouble !== "";
    bar.querySelector("ul").replaceChildren.apply(bar.querySelector("ul"), told.findings.map(line));
    bar.querySelector(".trouble").textContent = told.trouble + (told.more ? " +" + told.more : "");
    bar.hidden = !broken;
  }

  var events = new EventSource(document.documentElement.lang === "zh" ? "/events?in=zh" : "/events");
  events.addEventListener("study", function (event) {
    var told = JSON.parse(event.data);
    tell(told);
    if (told.build && told.build !== shown) refresh(told.build);
  });
  addEventListener("pagehide", function () { events.close(); });
  addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
})();
