// The console's first page and what it names, as the server answers them.
const { AWS_ENDPOINT_URL: server } = process.env
const page = await fetch(`${server}/_omen/roles`)
const html = await page.text()
process.stdout.write(`${page.headers.get('content-type')}: ${page.status}\n`)
for (const [, path] of html.matchAll(/(?:src|href)="(\/_omen\/[^"]+\.(?:js|css))"/g)) {
  const { status, headers } = await fetch(server + path)
  process.stdout.write(`${headers.get('content-type')}: ${status}\n`)
}
