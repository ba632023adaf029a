"use strict";
const form = document.getElementById("controls");
if (form) {
  const articles = [...document.querySelectorAll("article")];
  const groups = [...document.querySelectorAll(".group")];
  const holder = (name, value) => groups.find((group) => group.dataset[name] === value);
  let view = "file";
  const show = () => {
    if (form.elements.view.value !== view) {
      view = form.elements.view.value;
      for (const article of articles) holder(view, article.dataset[view]).append(article);
      document.getElementById("by-file").hidden = view === "rule";
      for (const places of document.querySelectorAll(".places")) places.hidden = view === "rule";
    }
    const wanted = ["rule", "file", "severity"].filter((name) => form.elements[name].value);
    let shown = 0;
    for (const article of articles) {
      article.hidden = wanted.some((name) => article.dataset[name] !== form.elements[name].value);
      shown += !article.hidden;
    }
    for (const item of document.querySelectorAll("[data-for]")) {
      item.hidden = document.getElementById(item.dataset.for).hidden;
    }
    for (const group of groups) {
      group.hidden = !articles.some(
        (article) => !article.hidden && Object.keys(group.dataset).every((key) => article.dataset[key] === group.dataset[key]),
      );
    }
    document.getElementById("shown").textContent = `${shown} of ${articles.length} shown`;
  };
  form.hidden = false;
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}
