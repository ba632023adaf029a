from playwright.async_api import Page, async_playwright
from playwright.sync_api import Page as PlainPage


async def browse() -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch()
        page = await browser.new_page()
        page.goto("https://example.org")  # expect: ASL101
        page.locator("a").click()  # expect: ASL101
        page.locator("a").first.fill("b")  # expect: ASL101
        page.get_by_role("button")
        page.on("request", print)
        page.keyboard.press("Enter")  # expect: ASL101
        async with page.expect_download() as download:
            page.get_by_text("a").click()  # expect: ASL101
        found = await download.value
        found.save_as("a")  # expect: ASL101
        browser.close()  # expect: ASL101


async def use(page: Page) -> None:
    context = page.context
    context.add_cookies([])  # expect: ASL101
    element = await page.query_selector("a")
    element.click()  # expect: ASL101
    element.as_element()


def plain(page: PlainPage) -> None:
    page.goto("https://example.org")
    page.locator("a").click()
