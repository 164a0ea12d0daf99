import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { whatLeaves } from './leaving.ts'

const url = 'http://127.0.0.1:6636'
const here = { AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_STS: url }

test('SHL-72 what leads clients elsewhere is named: variables, a profile, a proxy', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-leaving-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const config = join(folder, 'config')
  const withProfile = (settings: string, more = {}) => {
    writeFileSync(config, `[profile p]\n${settings}\n`)
    return whatLeaves(url, { AWS_PROFILE: 'p', AWS_CONFIG_FILE: config, ...more })
  }
  assert.deepEqual(whatLeaves(url, here), [])
  assert.deepEqual(whatLeaves(url, {}), [])
  const said = [
    whatLeaves(url, { AWS_ENDPOINT_URL: url }),
    whatLeaves(url, { AWS_ENDPOINT_URL_STS: url }),
    whatLeaves(url, { ...here, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000' }),
    whatLeaves(url, { ...here, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'TRUE' }),
    whatLeaves(url, { ...here, HTTP_PROXY: 'http://proxy' }),
    withProfile('region = us-east-1'),
    withProfile('endpoint_url = http://other'),
    withProfile(`endpoint_url = ${url}`),
    withProfile('ignore_configured_endpoint_urls = true', here),
  ]
  assert.deepEqual(
    said.map((sentences) => sentences.map((sentence) => /^(?:without )?\S+(?: \S+)?/.exec(sentence)![0])),
    [
      ['without AWS_ENDPOINT_URL_STS the'],
      ['without AWS_ENDPOINT_URL the'],
      ['AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000 is'],
      ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS makes'],
      ['HTTP_PROXY takes'],
      ['the profile'],
      ['endpoint_url=http://other of'],
      ['the profile'],
      ['ignore_configured_endpoint_urls of'],
    ],
  )
  const settled = [
    withProfile(`endpoint_url = ${url}\nservices = omen`),
    withProfile('region = us-east-1', here),
    whatLeaves(url, { ...here, HTTP_PROXY: 'http://proxy', NO_PROXY: 'localhost, 127.0.0.1' }),
    whatLeaves(url, { ...here, HTTPS_PROXY: 'http://proxy' }),
  ]
  assert.deepEqual(settled, [[], [], [], []])
})
