// The picture that can be moved and asked; the drawing and the list are there without it.
"use strict";
(function () {
  var stage = document.getElementById("picture"), panel = document.getElementById("panel");
  if (!stage || !stage.dataset.src || typeof cytoscape === "undefined") return;
  var list = {};
  document.querySelectorAll("#list [data-key]").forEach(function (item) { list[item.dataset.key] = item; });

  fetch(stage.dataset.src).then(function (answer) { return answer.json(); }).then(function (made) {
    if (made.error) return;
    stage.replaceChildren();
    stage.classList.add("live");
    document.querySelector(".tools.live").hidden = false;
    // A canvas takes a face only once it is there.
    return document.fonts.load("12px 'Source Sans 3'").then(function () { draw(made); });
  }).catch(function () {});

  function draw(made) {
    var looks = made.looks;
    var style = [
      { selector: "node", style: {
        width: "data(width)", height: "data(height)", shape: "rectangle", label: "data(shown)", "text-wrap": "wrap", "text-max-width": "data(room)",
        "text-valign": "center", "text-halign": "center", "text-justification": "left", "font-size": 12, "font-family": '"Source Sans 3", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
        color: "#1d2733", "border-width": 1, "background-color": "#fff", "line-height": 1.33 } },
      { selector: "edge", style: { width: 1, "line-color": looks.edges.other.colour, "curve-style": "bezier", "arrow-scale": 0.7, "target-arrow-color": looks.edges.other.colour, "source-arrow-color": looks.edges.other.colour } },
      { selector: "edge[?forward]", style: { "target-arrow-shape": "triangle" } },
      { selector: "edge[!forward]", style: { "source-arrow-shape": "triangle" } },
      { selector: ".off", style: { display: "none" } },
      { selector: "node:selected", style: { "border-width": 4, "border-color": "#d08700" } },
      { selector: "edge:selected", style: { width: 4 } },
      { selector: ".faint", style: { opacity: 0.25 } }
    ];
    Object.keys(looks.nodes).forEach(function (kind) {
      style.push({ selector: "node[kind='" + kind + "']", style: { "background-color": looks.nodes[kind].fill, "border-color": looks.nodes[kind].line, shape: looks.nodes[kind].shape } });
    });
    style.push({ selector: "node[count>1]", style: { "border-style": "double", "border-width": 4 } });
    Object.keys(looks.edges).forEach(function (link) {
      var look = looks.edges[link];
      var set = { "line-color": look.colour, "target-arrow-color": look.colour, "source-arrow-color": look.colour };
      if (link !== "other") { set.width = 2; set.label = "data(said)"; set["font-size"] = 9; set.color = look.colour; set["text-background-color"] = "#fff"; set["text-background-opacity"] = 0.9; set["text-rotation"] = "autorotate"; }
      if (look.dashes) { set["line-style"] = "dashed"; set["line-dash-pattern"] = look.dashes.split(" ").map(Number); }
      style.push({ selector: "edge[link='" + link + "']", style: set });
    });
    var elements = made.nodes.map(function (n) {
      return { group: "nodes", data: { id: n.id, kind: n.kind, text: n.text, caption: n.caption, shown: n.caption + "\n" + n.label, count: n.count, address: n.address, width: n.width, height: n.height, room: n.width }, position: { x: n.x, y: n.y } };
    }).concat(made.edges.map(function (e, at) {
      return { group: "edges", data: { id: "e" + at, source: e.source, target: e.target, link: e.link, said: e.said + (e.count > 1 ? " × " + e.count : ""), forward: e.forward ? 1 : 0 } };
    }));
    var cy = cytoscape({ container: stage, elements: elements, style: style, layout: { name: "preset" }, minZoom: 0.05, maxZoom: 4, autoungrabify: true });
    begin();

    function begin() {
      // Readable first: the height may be more than fits.
      cy.fit(undefined, 20);
      if (cy.zoom() > 1) { cy.zoom(1); cy.center(); }
      if (cy.zoom() < 0.6) {
        cy.zoom(0.8);
        // The claim with most links, or what stands furthest left, in the middle of the height.
        var first = cy.nodes("[kind='proposition']").max(function (n) { return n.degree(); }).ele || cy.nodes()[0];
        cy.pan({ x: 20 - cy.elements().boundingBox().x1 * 0.8, y: stage.clientHeight / 2 - 0.8 * first.position("y") });
      }
    }

    function text(tag, words, name) {
      var made = document.createElement(tag);
      made.textContent = words;
      if (name) made.className = name;
      return made;
    }
    function link(words, address) {
      var made = text("a", words);
      made.href = address;
      return made;
    }
    function show(node) {
      document.querySelectorAll("#list .lit").forEach(function (item) { item.classList.remove("lit"); });
      cy.elements().removeClass("faint");
      if (!node) { panel.hidden = true; panel.parentElement.classList.remove("open"); cy.resize(); return; }
      cy.elements().not(node.closedNeighborhood()).addClass("faint");
      if (list[node.id()]) list[node.id()].classList.add("lit");
      panel.hidden = false;
      panel.parentElement.classList.add("open");
      panel.replaceChildren(text("p", node.data("caption"), "kind"), text("p", node.data("text"), "words"));
      if (node.data("address")) { var open = text("p", ""); open.append(link(panel.dataset.open, node.data("address"))); panel.append(open); }
      var here = stage.dataset.here + (stage.dataset.here.includes("?") ? "&" : "?");
      if (node.data("count") > 1) { var each = text("p", ""); each.append(link(panel.dataset.each, here + "unfold=" + encodeURIComponent(node.id()))); panel.append(each); cy.resize(); return; }
      if (node.data("kind") === "theory") { cy.resize(); return; }
      fetch("/neighbours/" + node.id().split("/").map(encodeURIComponent).join("/")).then(function (answer) { return answer.json(); }).then(function (counts) {
        if (!node.selected()) return;
        var more = text("ul", "", "plain");
        Object.keys(counts).forEach(function (kind) {
          var item = text("li", kind + ": " + counts[kind] + " ");
          if (looks.nodes[kind]) item.append(link(panel.dataset.add, here + "expand=" + encodeURIComponent(node.id() + ">" + kind)));
          more.append(item);
        });
        panel.append(more);
      }).catch(function () {});
      cy.resize();
    }
    cy.on("select", "node", function (event) { show(event.target); });
    cy.on("unselect", "node", function () { if (!cy.$("node:selected").length) show(null); });
    cy.on("select", "edge", function (event) {
      var edge = event.target;
      panel.hidden = false;
      panel.parentElement.classList.add("open");
      panel.replaceChildren(text("p", edge.data("said"), "kind"), text("p", edge.source().data("text"), "words"), text("p", edge.target().data("text"), "words"));
      cy.resize();
    });
    cy.on("dbltap", "node", function (event) { if (event.target.data("address")) location.href = event.target.data("address"); });

    Object.keys(list).forEach(function (key) {
      list[key].addEventListener("focusin", function () { choose(key); });
      list[key].addEventListener("mouseenter", function () { if (!cy.$("node:selected").length) light(key); });
      list[key].addEventListener("mouseleave", function () { if (!cy.$("node:selected").length) cy.elements().removeClass("faint"); });
    });
    function light(key) {
      var node = cy.getElementById(key);
      if (node.length) cy.elements().not(node.closedNeighborhood()).addClass("faint");
    }
    function choose(key) {
      cy.$(":selected").unselect();
      var node = cy.getElementById(key);
      if (node.length) node.select();
    }

    stage.addEventListener("keydown", function (event) {
      var now = cy.$("node:selected")[0], to = null;
      if (event.key === "Escape") { cy.$(":selected").unselect(); show(null); return; }
      if (event.key === "Enter" && now && now.data("address")) { location.href = now.data("address"); return; }
      if (!/^Arrow/.test(event.key)) return;
      event.preventDefault();
      if (!now) to = cy.nodes()[0];
      else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        var column = cy.nodes().filter(function (n) { return n.data("kind") === now.data("kind"); }).sort(function (a, b) { return a.position("y") - b.position("y"); });
        var at = column.indexOf(now) + (event.key === "ArrowDown" ? 1 : -1);
        to = column[at];
      } else {
        var right = event.key === "ArrowRight";
        to = now.neighborhood("node").filter(function (n) { return right ? n.position("x") > now.position("x") : n.position("x") < now.position("x"); })
          .sort(function (a, b) { return Math.abs(a.position("x") - now.position("x")) - Math.abs(b.position("x") - now.position("x")) || Math.abs(a.position("y") - now.position("y")) - Math.abs(b.position("y") - now.position("y")); })[0];
      }
      if (!to) return;
      choose(to.id());
      cy.center(to);
    });

    document.getElementById("nearer").addEventListener("click", function () { zoom(1.25); });
    document.getElementById("farther").addEventListener("click", function () { zoom(0.8); });
    function zoom(by) { cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: stage.clientWidth / 2, y: stage.clientHeight / 2 } }); }
    document.querySelectorAll("input.relation").forEach(function (box) {
      box.addEventListener("change", function () {
        cy.edges().filter(function (e) { return e.data("link") === box.value; }).toggleClass("off", !box.checked);
      });
    });
    var find = document.getElementById("find");
    find.addEventListener("input", function () {
      var words = find.value.trim().toLowerCase();
      var hits = cy.nodes().filter(function (n) { return words && (n.data("text") + n.data("shown")).toLowerCase().includes(words); });
      cy.elements().removeClass("faint");
      document.getElementById("count").textContent = words ? String(hits.length) : "";
      if (!words) return;
      cy.elements().not(hits).addClass("faint");
      if (hits.length) cy.center(hits);
    });
    document.getElementById("png").addEventListener("click", function () {
      var made = document.createElement("a");
      made.href = cy.png({ full: true, scale: 2, bg: "#ffffff" });
      made.download = "picture.png";
      made.click();
    });
    // For those who test the page.
    stage.dataset.drawn = String(cy.nodes().length);
  }
})();
