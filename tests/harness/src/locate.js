// Finds the visible elements that the steps mean, each step inside the results of the one before.
const squash = (value) => (value ?? "").replace(/\s+/g, " ").trim();
const isVisible = (element) =>
  element.getClientRects().length > 0 &&
  (typeof element.checkVisibility !== "function" || element.checkVisibility({ visibilityProperty: true }));

const INPUT_ROLES = {
  button: "button",
  checkbox: "checkbox",
  image: "button",
  number: "spinbutton",
  radio: "radio",
  range: "slider",
  reset: "button",
  search: "searchbox",
  submit: "button",
};
const TAG_ROLES = {
  article: "article",
  aside: "complementary",
  button: "button",
  dialog: "dialog",
  fieldset: "group",
  footer: "contentinfo",
  form: "form",
  h1: "heading",
  h2: "heading",
  h3: "heading",
  h4: "heading",
  h5: "heading",
  h6: "heading",
  header: "banner",
  img: "img",
  li: "listitem",
  main: "main",
  nav: "navigation",
  ol: "list",
  option: "option",
  output: "status",
  progress: "progressbar",
  section: "region",
  summary: "button",
  table: "table",
  td: "cell",
  textarea: "textbox",
  th: "columnheader",
  tr: "row",
  ul: "list",
};
const NAMED_BY_CONTENT =
  /^(button|cell|checkbox|columnheader|gridcell|heading|link|menuitem|menuitemcheckbox|menuitemradio|option|radio|row|switch|tab|tooltip|treeitem)$/;

const roleOf = (element) => {
  const given = element.getAttribute("role");
  if (given) return given.split(" ")[0];
  const tag = element.tagName.toLowerCase();
  if (tag === "a") return element.hasAttribute("href") ? "link" : "";
  if (tag === "input") return INPUT_ROLES[element.type] ?? "textbox";
  if (tag === "select") return element.multiple || element.size > 1 ? "listbox" : "combobox";
  if (element.isContentEditable && element.getAttribute("contenteditable") !== null) return "textbox";
  return TAG_ROLES[tag] ?? "";
};

const nameOf = (element) => {
  const ids = squash(element.getAttribute("aria-labelledby"));
  if (ids) {
    const parts = ids.split(" ").map((id) => squash(document.getElementById(id)?.textContent));
    if (parts.some(Boolean)) return squash(parts.join(" "));
  }
  const given = squash(element.getAttribute("aria-label"));
  if (given) return given;
  const labels = element.labels ? [...element.labels].map((item) => squash(item.textContent)).join(" ") : "";
  if (squash(labels)) return squash(labels);
  if (element.tagName === "INPUT" && /^(button|submit|reset)$/.test(element.type)) return squash(element.value);
  if (squash(element.getAttribute("alt"))) return squash(element.getAttribute("alt"));
  if (element.tagName === "FIELDSET" && element.querySelector("legend")) {
    return squash(element.querySelector("legend").textContent);
  }
  if (NAMED_BY_CONTENT.test(roleOf(element))) {
    const content = squash(element.textContent);
    if (content) return content;
  }
  return squash(element.getAttribute("title")) || squash(element.getAttribute("placeholder"));
};

const named = (candidates, name) => {
  const wanted = squash(name);
  if (!wanted) return candidates;
  const exact = candidates.filter((element) => nameOf(element) === wanted);
  if (exact.length > 0) return exact;
  const part = wanted.toLowerCase();
  return candidates.filter((element) => nameOf(element).toLowerCase().includes(part));
};

const FIELDS = /^(textbox|searchbox|combobox|listbox|checkbox|radio|spinbutton|slider|switch)$/;
const isField = (element) => FIELDS.test(roleOf(element)) || element.tagName === "INPUT";

const find = (step, scope) => {
  if (step.kind === "css") return [...scope.querySelectorAll(step.value)];
  if (step.kind === "testid") {
    return [...scope.querySelectorAll("[data-testid]")].filter((item) => item.dataset.testid === step.value);
  }
  const all = [...scope.querySelectorAll("*")].filter((item) => !/^(SCRIPT|STYLE|TITLE)$/.test(item.tagName));
  if (step.kind === "role") {
    return named(all.filter((item) => roleOf(item) === step.role && isVisible(item)), step.value);
  }
  if (step.kind === "label") return named(all.filter((item) => isField(item) && isVisible(item)), step.value);
  const wanted = squash(step.value);
  const shows = (item) => isVisible(item) && squash(item.textContent).includes(wanted);
  return all.filter((item) => shows(item) && ![...item.children].some(shows));
};

let scopes = [document];
for (const step of arguments[0]) {
  const found = scopes.flatMap((scope) => find(step, scope)).filter(isVisible);
  scopes = [...new Set(found)];
}
return scopes;
