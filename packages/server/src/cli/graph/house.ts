import { setTimeout } from 'node:timers/promises'
import type { XmlElement } from '../../wire/index.ts'
import { runningServer } from '../client.ts'
import { Home } from '../home.ts'
import { callQuery, childOf, textAt } from '../query.ts'
import { signerOf } from '../signer.ts'

/** A running server's account: the same two texts that files contain. */
export interface HouseTexts {
  readonly details: string
  readonly inventory: unknown
}

/** The most pages of GetAccountAuthorizationDetails, and the most times that a report is waited for. */
const mostPages = 500

/** Reads the account of a running server by calls that are signed and recorded like any other. */
export async function readHouse(folder: string | undefined): Promise<HouseTexts> {
  const server = runningServer(Home.at(folder))
  const { keys } = await signerOf(server, process.env)
  const details: Record<string, unknown[]> = {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [],
  }
  let marker: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const result = await callQuery(server, keys, 'iam', 'GetAccountAuthorizationDetails', {
      MaxItems: 1000,
      ...(marker === undefined ? {} : { Marker: marker }),
    })
    for (const [name, list] of Object.entries(details)) {
      const found = valueOfXml(childOf(result, name))
      if (Array.isArray(found)) list.push(...found)
    }
    marker = textAt(result, 'IsTruncated') === 'true' ? textAt(result, 'Marker') : undefined
    if (marker === undefined) break
  }
  return { details: JSON.stringify(details, undefined, 1), inventory: await inventoryOf(server, keys) }
}

type Server = ReturnType<typeof runningServer>
type Keys = Awaited<ReturnType<typeof signerOf>>['keys']

/** Access keys, passwords and MFA devices, from the credential report. */
async function inventoryOf(server: Server, keys: Keys): Promise<unknown> {
  const report = await reportOf(server, keys)
  const [head = '', ...rows] = Buffer.from(textAt(report, 'Content') ?? '', 'base64')
    .toString('utf8')
    .trim()
    .split('\n')
  const columns = head.split(',')
  const accessKeys: Record<string, number> = {}
  const mfaDevices: Record<string, number> = {}
  const loginProfiles: string[] = []
  for (const row of rows) {
    const cells = row.split(',')
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? ''
    const user = cell('user')
    if (user === '<root_account>') continue
    accessKeys[user] = [1, 2].filter(
      (place) => !/^(?:N\/A)?$/.test(cell(`access_key_${place}_last_rotated`)),
    ).length
    mfaDevices[user] = cell('mfa_active') === 'true' ? 1 : 0
    if (cell('password_enabled') === 'true') loginProfiles.push(user)
  }
  return { accessKeys, loginProfiles, mfaDevices }
}

/** The credential report, once it is made. */
async function reportOf(server: Server, keys: Keys): Promise<XmlElement> {
  for (let times = 0; times < mostPages; times++) {
    const made = await callQuery(server, keys, 'iam', 'GenerateCredentialReport')
    if (textAt(made, 'State') === 'COMPLETE') break
    await setTimeout(200)
  }
  return callQuery(server, keys, 'iam', 'GetCredentialReport')
}

/** A value of the query protocol: lists have members of that name. */
function valueOfXml(element: XmlElement | undefined): unknown {
  if (element === undefined) return undefined
  const { children, text } = element
  if (children.length === 0) return text
  if (children.every(({ name }) => name === 'member')) return children.map(valueOfXml)
  return Object.fromEntries(children.map((child) => [child.name, valueOfXml(child)]))
}
