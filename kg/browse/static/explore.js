// Free exploring: every step is an address, of which the server gives the places of cards and lines; nothing is placed here.
"use strict";
(function () {
  var root = document.getElementById("explorer");
  if (!root || !root.dataset.words) return;
  var words = JSON.parse(root.dataset.words), found = document.getElementById("found"), find = document.getElementById("find");
  var stage = document.getElementById("stage"), plane = document.getElementById("plane"), panel = document.getElementById("panel");
  var live = stage && typeof cytoscape !== "undefined";
  var LEAST = 12 / 13, PADDING = 14;
  var quiet = false, pending = [];
  var cy, made = null, cards = {}, chosen = null, form = "", at = 0, last = 0, steps = 0, colours = {}, asking = 0;

  function make(tag, text, name) {
    var one = document.createElement(tag);
    if (text) one.textContent = text;
    if (name) one.className = name;
    return one;
  }
  function button(text, act, label) {
    var one = make("button", text);
    one.type = "button";
    // What is only read out stands after what is seen.
    if (label) one.append(make("span", " " + label, "hidden"));
    one.addEventListener("click", act);
    return one;
  }

  // The box in which records are looked for.
  var typed = "", waits = 0;
  function hideFound() { found.hidden = true; found.replaceChildren(); }
  find.addEventListener("input", function () {
    clearTimeout(waits);
    waits = setTimeout(function () {
      var text = find.value.trim();
      typed = text;
      if (!text || text.length > 200) { hideFound(); return; }
      fetch(root.dataset.found + "?q=" + encodeURIComponent(text)).then(function (answer) { return answer.json(); }).then(function (rows) {
        if (typed !== text) return;
        found.replaceChildren.apply(found, rows.map(function (row) {
          var item = make("li"), way = make("a", "");
          way.append(make("span", row.word + (row.word && row.key.startsWith("proposition/") ? " " + row.id : ""), "kind"), row.text);
          way.href = root.dataset.here + "?of=" + encodeURIComponent(row.key);
          if (live) way.addEventListener("click", function (event) {
            event.preventDefault();
            find.value = typed = "";
            hideFound();
            begin(row.key);
          });
          item.append(way);
          return item;
        }));
        if (!rows.length) found.append(make("li", words.nothing, "none"));
        found.hidden = false;
      }).catch(function () {});
    }, 120);
  });
  find.form.addEventListener("keydown", function (event) {
    var ways = [].slice.call(found.querySelectorAll("a")), here = ways.indexOf(document.activeElement);
    if (event.key === "Escape") { hideFound(); find.focus(); }
    else if (event.key === "ArrowDown" && ways.length) { event.preventDefault(); ways[Math.min(here + 1, ways.length - 1)].focus(); }
    else if (event.key === "ArrowUp" && here >= 0) { event.preventDefault(); (ways[here - 1] || find).focus(); }
  });
  if (live) find.form.addEventListener("submit", function (event) {
    var first = found.querySelector("a");
    if (first) { event.preventDefault(); first.click(); }
  });
  document.addEventListener("click", function (event) { if (live && !find.form.contains(event.target)) hideFound(); });
  if (!live) return;

  function query(view) {
    var fields = new URLSearchParams();
    view.of.forEach(function (key) { fields.append("of", key); });
    (view.show.length ? view.show : ["none"]).forEach(function (one) { fields.append("show", one); });
    view.hide.forEach(function (key) { fields.append("hide", key); });
    view.pin.forEach(function (one) { fields.append("pin", one); });
    return "?" + fields.toString().replace(/%2F/g, "/").replace(/%3E/g, ">").replace(/%3A/g, ":").replace(/%40/g, "@");
  }
  function formOf() {
    var wide = stage.clientWidth;
    return wide >= 1000 ? "columns" : wide >= 600 ? "outline" : "narrow";
  }

  // Steps: each is asked of the server, shown, and kept as an address.
  function load(search, then) {
    var mine = ++asking, wanted = formOf();
    stage.setAttribute("aria-busy", "true");
    return fetch(root.dataset[wanted] + search).then(function (answer) { return answer.json(); }).then(function (got) {
      if (mine !== asking) return;
      if (got.error) throw new Error(got.error);
      form = wanted;
      draw(got);
      if (then) then();
    }).catch(function () { tell(words.failed); }).finally(function () { if (mine === asking) stage.removeAttribute("aria-busy"); });
  }
  function step(change) {
    if (!made) return;
    var view = JSON.parse(JSON.stringify(made.view));
    change(view);
    var search = query(view);
    load(search, function () {
      last = ++at;
      history.pushState({ at: at }, "", root.dataset.here + search);
      settled();
    });
  }
  addEventListener("popstate", function (event) {
    at = event.state && event.state.at || 0;
    load(location.search, settled);
  });
  function settled() {
    document.getElementById("undo").disabled = at === 0;
    document.getElementById("redo").disabled = at >= last;
    document.querySelectorAll(".languages a, a.kept, body > footer a[href*='explore.']").forEach(function (one) { one.search = location.search; });
    tell(made.cards.length + " " + words.records + ", " + made.lines.length + " " + words.links);
  }
  function tell(text) { document.getElementById("told").textContent = text; }

  function begin(key) {
    var here = made.cards.some(function (card) { return card.key === key; });
    if (here) { choose(key, true); return; }
    step(function (view) {
      view.hide = view.hide.filter(function (one) { return one !== key; });
      view.of.push(key);
      pending = [key];
    });
  }
  function show(key, kind, number) {
    step(function (view) {
      var mine = key + ">" + kind + "*", where = view.show.findIndex(function (one) { return one.startsWith(mine); });
      if (!number) { if (where >= 0) view.show.splice(where, 1); }
      else if (where >= 0) view.show[where] = mine + number;
      else view.show.push(mine + number);
    });
  }
  function expand(key) {
    var card = cards[key].data;
    var more = card.near.filter(function (near) { return near.further; });
    if (!more.length) return;
    step(function (view) {
      more.forEach(function (near) {
        var mine = key + ">" + near.kind + "*", where = view.show.findIndex(function (one) { return one.startsWith(mine); });
        if (where >= 0) view.show[where] = mine + near.further; else view.show.push(mine + near.further);
      });
    });
  }
  function hide(key) {
    var order = made.cards.map(function (card) { return card.key; }), where = order.indexOf(key);
    if (order.length < 2) return;
    // What is next has the focus: of that which is still there.
    pending = order.slice(where + 1).concat(order.slice(0, where).reverse());
    step(function (view) {
      // The first of a picture cannot be hidden: what was begun with is not begun with any more.
      if (view.of.length > 1 && view.of.includes(key)) view.of = view.of.filter(function (one) { return one !== key; });
      else if (view.of.includes(key)) return;
      view.hide.push(key);
    });
  }
  function pin(key, y) {
    step(function (view) {
      view.pin = view.pin.filter(function (one) { return !one.startsWith(key + "@"); });
      if (y !== null) view.pin.push(key + "@" + Math.round(y));
    });
  }
  function toggle(key) {
    var card = cards[key].data;
    if (form !== "columns") return;
    pin(key, card.pinned ? null : card.y + card.height / 2 - made.origin);
  }

  // The drawing.
  function paint() {
    document.querySelectorAll("#colours i").forEach(function (one) { colours[one.className] = getComputedStyle(one).color; });
    cy.style([
      { selector: "node", style: { width: "data(width)", height: "data(height)", shape: "rectangle", "background-opacity": 0, "border-width": 0, "overlay-opacity": 0, "text-opacity": 0 } },
      { selector: "node.printed", style: { "background-opacity": 1, "background-color": colours.ground, "border-width": 1, "border-color": colours.other, shape: "round-rectangle", label: "data(printed)", "text-opacity": 1, color: colours.ink,
        "text-wrap": "wrap", "text-max-width": "data(width)", "text-valign": "center", "text-halign": "center", "text-justification": "left", "font-size": 13, "line-height": 1.3, "font-family": '"Source Sans 3", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif' } },
      { selector: "edge", style: { width: 1.2, "line-color": colours.other, "target-arrow-color": colours.other, "target-arrow-shape": "triangle", "arrow-scale": 0.75, "overlay-opacity": 0,
        "source-endpoint": "data(from)", "target-endpoint": "data(to)", "edge-distances": "endpoints" } },
      { selector: "edge[?bent]", style: { "curve-style": "unbundled-bezier", "control-point-distances": "data(distances)", "control-point-weights": "data(weights)" } },
      { selector: "edge[!bent]", style: { "curve-style": "round-segments", "segment-distances": "data(distances)", "segment-weights": "data(weights)", "segment-radii": 6 } }
    ].concat(["supports", "opposes", "qualifies"].map(function (stance) {
      return { selector: "edge[stance='" + stance + "']", style: { width: 2, "line-color": colours[stance], "target-arrow-color": colours[stance],
        "line-style": stance === "supports" ? "solid" : "dashed", "line-dash-pattern": stance === "opposes" ? [7, 4] : [1.5, 4] } };
    }), [
      { selector: "edge.faint", style: { opacity: 0.18 } },
      { selector: "edge.lit", style: { width: 3 } }
    ]));
  }
  // Where a line bends, told as cytoscape.js wants it: along the line from end to end, and away from that.
  function bends(points) {
    var a = points[0], b = points[points.length - 1], dx = b[0] - a[0], dy = b[1] - a[1], long = Math.hypot(dx, dy) || 1;
    return points.slice(1, -1).map(function (p) {
      var x = p[0] - a[0], y = p[1] - a[1];
      return { weight: (x * dx + y * dy) / (long * long), distance: (y * dx - x * dy) / long };
    });
  }
  function elements(got) {
    var middle = {};
    var nodes = got.cards.map(function (card) {
      middle[card.key] = { x: card.x + card.width / 2, y: card.y + card.height / 2 };
      return { group: "nodes", data: { id: card.key, width: card.width, height: card.height, printed: [card.caption].concat(card.lines).join("\n") }, position: middle[card.key], grabbable: form === "columns", pannable: form !== "columns" };
    });
    return nodes.concat(got.lines.map(function (line, number) {
      var points = line.points, a = points[0], b = points[points.length - 1], from = middle[line.source], to = middle[line.target], turns = bends(points);
      return { group: "edges", data: { id: "line" + number, source: line.source, target: line.target, stance: line.stance, said: line.said, bent: line.bent ? 1 : 0,
        from: (a[0] - from.x) + "px " + (a[1] - from.y) + "px", to: (b[0] - to.x) + "px " + (b[1] - to.y) + "px",
        distances: turns.map(function (t) { return t.distance; }), weights: turns.map(function (t) { return t.weight; }) } };
    }));
  }
  function place(key, x, y) { cards[key].face.style.transform = "translate(" + x + "px," + y + "px)"; }
  function face(card) {
    var one = cards[card.key];
    if (!one) {
      var item = make("li");
      one = cards[card.key] = { item: item, face: button("", function () { choose(card.key); }) };
      one.face.dataset.key = card.key;
      one.face.addEventListener("focus", function () { if (!quiet && chosen !== card.key) choose(card.key); });
      item.append(one.face);
    }
    one.data = card;
    one.face.className = "node " + card.kind + (card.begun ? " begun" : "");
    one.face.setAttribute("aria-pressed", String(chosen === card.key));
    var top = make("span", "", "cap"), small = make("span", card.caption);
    if (card.pinned) {
      var mark = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      mark.setAttribute("viewBox", "0 0 12 12"); mark.setAttribute("class", "pin"); path.setAttribute("d", "M6 0a4 4 0 0 1 4 4c0 3-4 8-4 8S2 7 2 4a4 4 0 0 1 4-4z");
      mark.append(path); small.prepend(mark);
    }
    top.append(small);
    if (card.more) {
      var more = make("b", "+" + card.more);
      more.append(make("span", " " + words.no_more, "hidden"));
      top.append(more);
    }
    one.face.replaceChildren.apply(one.face, [top].concat(card.lines.map(function (line) { return make("span", line, "t"); })));
    one.face.style.width = card.width + "px";
    one.face.style.height = card.height + "px";
    return one;
  }
  function draw(got) {
    var before = chosen && cards[chosen] && made && made.cards.find(function (card) { return card.key === chosen; });
    var focused = document.activeElement && document.activeElement.dataset && document.activeElement.dataset.key;
    var inPanel = panel.contains(document.activeElement);
    made = got;
    root.view = got.view;
    var keep = {}, came = [];
    plane.classList.add("steps");
    got.cards.forEach(function (card) {
      keep[card.key] = true;
      var fresh = !cards[card.key];
      if (fresh) came.push(card);
      var one = face(card);
      if (fresh) one.face.style.transition = "none";
      place(card.key, card.x, card.y);
      plane.append(one.item);
      if (fresh) { void one.face.offsetWidth; one.face.style.transition = ""; }
    });
    Object.keys(cards).forEach(function (key) { if (!keep[key]) { cards[key].item.remove(); delete cards[key]; } });
    cy.batch(function () { cy.elements().remove(); cy.add(elements(got)); });
    // An arrangement keeps its name.
    var title = document.getElementById("title");
    if (title) title.textContent = got.title;
    var away = document.getElementById("away");
    away.hidden = !got.hidden.length;
    away.textContent = got.hidden.length + " " + words.hidden;
    var left = document.getElementById("left");
    if (left) left.hidden = !got.left_out;
    if (!cards[chosen]) chosen = null;
    var wanted = pending.find(function (key) { return cards[key]; }), next = wanted || chosen;
    chosen = null;
    choose(next);
    var whole = bounds(), free = room(), z = cy.zoom(), now = before && cards[before.key] && cards[before.key].data;
    if (now && (whole.w * z > free.w || whole.h * z > free.h)) {
      // The record that was chosen stays where it was seen, unless what came beside it is out of sight then.
      var to = Math.max(LEAST, Math.min(z, 1, free.w / whole.w, free.h / whole.h)), p = cy.pan();
      cy.viewport({ zoom: to, pan: { x: (before.x + before.width / 2) * z + p.x - (now.x + now.width / 2) * to, y: (before.y + before.height / 2) * z + p.y - (now.y + now.height / 2) * to } });
      if (came.length) see(came.concat([now]));
      reveal(now.key);
    } else fit();
    var back = cards[wanted || focused];
    if (back && !inPanel) back.face.focus({ preventScroll: true });
    pending = [];
    stage.dataset.drawn = String(got.cards.length);
    stage.dataset.form = root.dataset.form = form;
    stage.dataset.step = String(++steps);
  }
  function bounds() { return { x: 0, y: 0, w: made.width, h: made.height }; }
  function room() {
    var open = !panel.hidden;
    return { w: stage.clientWidth - (open && !below() ? panel.offsetWidth : 0), h: stage.clientHeight - (open && below() ? panel.offsetHeight : 0) };
  }
  function below() { return getComputedStyle(panel).left === "0px" && panel.offsetWidth > stage.clientWidth - 4; }
  // All of it, unless its words would be too small: then what was begun with is in view.
  function fit() {
    var all = bounds(), free = room();
    var zoom = Math.max(LEAST, Math.min(form === "columns" ? 1.2 : 1, free.w / all.w, free.h / all.h));
    var first = (cards[chosen] || cards[made.view.of[0]] || { data: made.cards[0] }).data;
    function start(space, size, middle) {
      if (size * zoom <= space) return (space - size * zoom) / 2;
      return Math.min(0, Math.max(space - size * zoom, space / 2 - middle * zoom));
    }
    var y = form === "columns" || !first ? start(free.h, all.h, first ? first.y + first.height / 2 : 0) : all.h * zoom <= free.h ? 0 : Math.min(0, Math.max(free.h - all.h * zoom, PADDING - first.y * zoom));
    cy.viewport({ zoom: zoom, pan: { x: start(free.w, all.w, first ? first.x + first.width / 2 : 0), y: y } });
  }
  function reveal(key) {
    var card = cards[key].data, z = cy.zoom(), p = cy.pan(), free = room(), dx = 0, dy = 0;
    var left = card.x * z + p.x, top = card.y * z + p.y, right = left + card.width * z, bottom = top + card.height * z;
    if (right > free.w - PADDING) dx = free.w - PADDING - right;
    if (left + dx < PADDING) dx = PADDING - left;
    if (bottom > free.h - PADDING) dy = free.h - PADDING - bottom;
    if (top + dy < PADDING) dy = PADDING - top;
    if (dx || dy) cy.panBy({ x: dx, y: dy });
  }

  // As many of some cards as have room.
  function see(some) {
    var z = cy.zoom(), p = cy.pan(), free = room();
    function edge(read, how) { return how.apply(null, some.map(read)); }
    var left = edge(function (c) { return c.x; }, Math.min) * z + p.x, right = edge(function (c) { return c.x + c.width; }, Math.max) * z + p.x;
    var top = edge(function (c) { return c.y; }, Math.min) * z + p.y, bottom = edge(function (c) { return c.y + c.height; }, Math.max) * z + p.y;
    function shift(from, to, space) {
      if (to > space - PADDING) return Math.min(0, Math.max(space - PADDING - to, PADDING - from));
      return from < PADDING ? Math.min(PADDING - from, space - PADDING - to) : 0;
    }
    cy.panBy({ x: shift(left, right, free.w), y: shift(top, bottom, free.h) });
  }

  // What is chosen, and what can be done with it.
  function choose(key, focus) {
    chosen = key && cards[key] ? key : null;
    Object.keys(cards).forEach(function (one) { cards[one].face.setAttribute("aria-pressed", String(one === chosen)); cards[one].face.classList.remove("faint"); });
    cy.edges().removeClass("faint lit");
    if (!chosen) { panel.hidden = true; return; }
    var near = cy.getElementById(chosen).closedNeighborhood(), shown = {};
    near.nodes().forEach(function (node) { shown[node.id()] = true; });
    Object.keys(cards).forEach(function (one) { cards[one].face.classList.toggle("faint", !shown[one]); });
    cy.edges().not(near).addClass("faint");
    fill(cards[chosen].data);
    reveal(chosen);
    if (focus) cards[chosen].face.focus({ preventScroll: true });
  }
  function shut() {
    var one = button("×", letGo, words.close);
    one.className = "shut";
    return one;
  }
  // The focus goes back to the card, and that does not choose it anew.
  function letGo() {
    var back = cards[chosen];
    choose(null);
    quiet = true;
    if (back) back.face.focus({ preventScroll: true });
    quiet = false;
  }
  function fill(card) {
    var focus = document.activeElement, kept = panel.contains(focus) && focus.dataset.act;
    var acts = make("p", "", "acts"), open = make("a", words.page);
    open.href = card.address;
    acts.append(open, button(words.hide, function () { hide(card.key); }));
    acts.lastChild.disabled = made.view.of.length === 1 && made.view.of[0] === card.key;
    if (form === "columns") acts.append(button(card.pinned ? words.unpin : words.pin, function () { toggle(card.key); }));
    if (made.view.of.length > 1 || made.view.of[0] !== card.key) {
      var alone = make("a", words.alone);
      alone.href = root.dataset.here + "?of=" + encodeURIComponent(card.key);
      acts.append(alone);
    }
    var list = make("ul", "", "around");
    card.near.forEach(function (near) {
      var item = make("li"), what = make("span"), does = make("span", "", "do"), label = near.word;
      what.append(make("b", near.word), make("span", near.shown + " / " + near.total, "number"));
      item.append(what);
      if (near.links.length > 1 || near.links[0][0] !== near.word) item.append(make("small", near.links.map(function (pair) { return pair[0] + (near.links.length > 1 ? " " + pair[1] : ""); }).join(" · ")));
      if (near.further) {
        var few = button("+" + (near.further < near.total ? Math.min(6, near.total - near.shown) : near.total - near.shown), function () { show(card.key, near.kind, near.further); }, label);
        few.dataset.act = "more " + near.kind;
        does.append(few);
        if (near.further < near.total && near.total <= made.most) does.append(button(words.all, function () { show(card.key, near.kind, near.total); }, label));
      }
      if (near.asked) does.append(button("−", function () { show(card.key, near.kind, 0); }, words.none + ": " + label));
      item.append(does);
      list.append(item);
    });
    panel.replaceChildren(shut(), make("p", card.word + " " + (card.kind === "excerpt" ? "" : card.id), "kind"), make("p", card.kind === "excerpt" ? "“" + card.text + "”" : card.text, "words"), acts, make("h2", words.neighbours), list);
    panel.hidden = false;
    panel.scrollTop = 0;
    if (kept) { var again = panel.querySelector("[data-act='" + kept + "']") || panel.querySelector(".around button"); if (again) again.focus({ preventScroll: true }); }
  }
  function tellLine(edge) {
    choose(null);
    cy.edges().not(edge).addClass("faint");
    edge.addClass("lit");
    panel.replaceChildren(shut(), make("p", edge.data("said"), "kind"), make("p", cards[edge.data("source")].data.text, "words"), make("p", "↓ " + edge.data("said")), make("p", cards[edge.data("target")].data.text, "words"));
    panel.hidden = false;
  }
  document.getElementById("away").addEventListener("click", function () {
    choose(null);
    var list = make("ul", "", "around");
    made.hidden.forEach(function (pair) {
      var item = make("li"), does = make("span", "", "do");
      does.append(button(words.again, function () { pending = [pair[0]]; step(function (view) { view.hide = view.hide.filter(function (one) { return one !== pair[0]; }); }); }));
      item.append(make("span", pair[1]), does);
      list.append(item);
    });
    panel.replaceChildren(shut(), make("h2", made.hidden.length + " " + words.hidden), list);
    panel.hidden = false;
  });

  // Keys.
  function beside(key, way) {
    var here = cards[key].data, best = null, least = Infinity;
    var x = here.x + here.width / 2, y = here.y + here.height / 2;
    made.cards.forEach(function (card) {
      var dx = card.x + card.width / 2 - x, dy = card.y + card.height / 2 - y;
      var along = way === "ArrowRight" ? dx : way === "ArrowLeft" ? -dx : way === "ArrowDown" ? dy : -dy;
      var across = way === "ArrowRight" || way === "ArrowLeft" ? Math.abs(dy) : Math.abs(dx) * 3;
      if (card.key === key || along < 8) return;
      if (along + across < least) { least = along + across; best = card.key; }
    });
    return best;
  }
  function zoomBy(by) { cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: stage.clientWidth / 2, y: stage.clientHeight / 2 } }); }
  function wholeScreen() {
    var on = root.classList.toggle("whole");
    if (on && root.requestFullscreen) root.requestFullscreen().catch(function () {});
    if (!on && document.fullscreenElement) document.exitFullscreen();
  }
  document.addEventListener("fullscreenchange", function () { if (!document.fullscreenElement) root.classList.remove("whole"); });
  var keys = document.getElementById("keys");
  function undo() { if (at > 0) history.back(); }
  function redo() { if (at < last) history.forward(); }
  var tools = { undo: undo, redo: redo, nearer: function () { zoomBy(1.25); }, farther: function () { zoomBy(0.8); }, fit: function () { fit(); }, whole: wholeScreen, asked: function () { keys.showModal(); } };
  Object.keys(tools).forEach(function (name) { document.getElementById(name).addEventListener("click", tools[name]); });
  root.addEventListener("keydown", function (event) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || keys.open) return;
    var key = event.key, onCard = event.target.dataset && event.target.dataset.key;
    if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(key)) { event.preventDefault(); if (key.toLowerCase() === "y" || event.shiftKey) redo(); else undo(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (onCard) {
      if (/^Arrow/.test(key)) { event.preventDefault(); var to = beside(onCard, key); if (to) cards[to].face.focus({ preventScroll: true }); return; }
      if (key === "Enter") { event.preventDefault(); expand(onCard); return; }
      if (key === "Delete" || key === "Backspace") { event.preventDefault(); hide(onCard); return; }
      if (key === "p") { toggle(onCard); return; }
      if (key === "o") { location.href = cards[onCard].data.address; return; }
    }
    if (key === "Escape") { if (!panel.hidden) letGo(); else if (root.classList.contains("whole")) wholeScreen(); }
    else if (key === "?") { event.preventDefault(); keys.showModal(); }
    else if (key === "f") fit();
    else if (key === "w") wholeScreen();
    else if (key === "s") { event.preventDefault(); find.focus(); }
    else if (key === "+" || key === "=") zoomBy(1.25);
    else if (key === "-") zoomBy(0.8);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "?" && event.target === document.body) keys.showModal();
  });

  document.getElementById("png").addEventListener("click", function () {
    cy.nodes().addClass("printed");
    var file = make("a");
    file.href = cy.png({ full: true, scale: 2, bg: getComputedStyle(document.body).backgroundColor });
    cy.nodes().removeClass("printed");
    file.download = "explore.png";
    file.click();
  });

  // A canvas takes a face, and its size, only once they are there.
  document.fonts.load("13px 'Source Sans 3'").catch(function () {}).then(function () {
    var picture = document.getElementById("picture");
    picture.replaceChildren();
    root.classList.add("live");
    ["buttons", "png"].forEach(function (id) { document.getElementById(id).hidden = false; });
    document.querySelector(".hint").hidden = false;
    cy = cytoscape({ container: picture, elements: [], layout: { name: "preset" }, minZoom: 0.2, maxZoom: 3, boxSelectionEnabled: false, selectionType: "single", autounselectify: true });
    paint();
    cy.on("viewport", function () { var p = cy.pan(); plane.style.transform = "translate(" + p.x + "px," + p.y + "px) scale(" + cy.zoom() + ")"; });
    cy.on("tap", function (event) {
      if (event.target === cy) choose(null);
      else if (event.target.isNode()) { choose(event.target.id()); cards[event.target.id()].face.focus({ preventScroll: true }); }
      else tellLine(event.target);
    });
    cy.on("dbltap", "node", function (event) { expand(event.target.id()); });
    cy.on("grab", "node", function () { plane.classList.remove("steps"); });
    // A card goes up and down in its column, where lines find their way around it.
    cy.on("drag", "node", function (event) {
      var card = cards[event.target.id()].data, y = event.target.position("y");
      event.target.position({ x: card.x + card.width / 2, y: y });
      place(card.key, card.x, y - card.height / 2);
    });
    cy.on("free", "node", function (event) {
      var card = cards[event.target.id()].data, y = event.target.position("y");
      plane.classList.add("steps");
      if (Math.abs(y - card.y - card.height / 2) > 8) { pending = [card.key]; pin(card.key, y - made.origin); }
    });
    at = last = history.state && history.state.at || 0;
    history.replaceState({ at: at }, "");
    load(location.search, settled);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
    new ResizeObserver(function () {
      cy.resize();
      if (!made) return;
      if (formOf() !== form) load(location.search || new URL(root.dataset.began, location.href).search);
      else fit();
    }).observe(stage);
    root.explored = cy;
  });
})();
