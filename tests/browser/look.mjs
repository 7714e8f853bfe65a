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
if (picture) await page.screenshot({ path: picture, fullPage: true });
await browser.close();
console.log(JSON.stringify({
  violations: found.violations.map((each) => [each.id, each.nodes.map((node) => node.html.slice(0, 200))]),
  requests: requests.filter((url) => !url.startsWith("file:")),
  messages,
  ...facts,
}));
