// Open a page in a real browser, ask axe-core, and tell as JSON what was found.
// Arguments: file, width, light|dark, [picture]. Scripts run only for axe; the page has none.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const [file, width, colorScheme, picture] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.NETZWERK_CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu"],
});
const context = await browser.newContext({ viewport: { width: Number(width), height: 900 }, colorScheme, bypassCSP: true });
const page = await context.newPage();
const requests = [];
const messages = [];
page.on("request", (request) => requests.push(request.url()));
page.on("console", (message) => messages.push(message.text()));
await page.goto(pathToFileURL(file).href);
await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
const facts = await page.evaluate(() => ({
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  ground: getComputedStyle(document.body).backgroundColor,
  alerts: Boolean(window.hacked),
}));
// Walk through the page with the Tab key, as people do who use no mouse, until it begins anew.
const focus = [];
for (let step = 0; step < 200; step += 1) {
  await page.keyboard.press("Tab");
  const stop = await page.evaluate(() => {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const place = here.getBoundingClientRect();
    const label = here.labels?.[0] ?? document.getElementById(here.getAttribute("aria-labelledby")) ?? here;
    return {
      kind: here.tagName.toLowerCase(),
      name: label.textContent.trim(),
      shown: getComputedStyle(here).outlineStyle !== "none" && place.width > 0 && place.bottom > 0 && place.right > 0,
    };
  });
  if (!stop) break;
  focus.push(stop);
}
// Choose the second option of the first filter by keyboard: which rows are left?
const filtered = await page.evaluate(() => document.querySelectorAll(".filter").length);
let left = [];
if (filtered) {
  await page.locator(".filter input").nth(0).focus();
  await page.keyboard.press("ArrowDown");
  left = await page.evaluate(() => {
    const rows = [...document.querySelectorAll(".filter + .scroll")][0].querySelectorAll("tbody tr");
    return [...rows].filter((row) => row.getBoundingClientRect().height > 0).map((row) => row.cells[1].textContent);
  });
  await page.keyboard.press("ArrowUp");
}
await page.evaluate(() => { document.activeElement.blur(); window.scrollTo(0, 0); });
if (picture) await page.screenshot({ path: picture, fullPage: true });
await browser.close();
console.log(JSON.stringify({
  violations: found.violations.map((each) => [each.id, each.nodes.map((node) => node.html.slice(0, 200))]),
  requests: requests.filter((url) => !url.startsWith("file:")),
  messages,
  focus,
  left,
  ...facts,
}));
