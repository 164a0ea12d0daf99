import { invalid } from './faults.ts'

/** Runtimes that a function may have, oldest first. */
const supported = [
  'nodejs14.x',
  'nodejs16.x',
  'java8',
  'java8.al2',
  'java11',
  'python3.7',
  'python3.8',
  'python3.9',
  'dotnet6',
  'dotnet8',
  'go1.x',
  'ruby2.7',
  'provided',
  'provided.al2',
  'nodejs18.x',
  'python3.10',
  'java17',
  'ruby3.2',
  'ruby3.3',
  'ruby3.4',
  'python3.11',
  'nodejs20.x',
  'provided.al2023',
  'python3.12',
  'java21',
  'python3.13',
  'nodejs22.x',
  'nodejs24.x',
  'python3.14',
  'java25',
  'dotnet10',
]

/** Runtimes that new functions cannot have, and Lambda's recommendations. */
const retired: readonly (readonly [family: RegExp, instead: string])[] = [
  [/^nodejs(?:|4\.3|4\.3-edge|6\.10|8\.10|10\.x|12\.x)$/, 'nodejs22.x'],
  [/^python(?:2\.7|3\.6)$/, 'python3.13'],
  [/^ruby2\.5$/, 'ruby3.4'],
  [/^dotnetcore(?:1\.0|2\.0|2\.1|3\.1)$/, 'dotnet8'],
]

/** @throws Fault for a runtime that Lambda lacks, or no longer supports (behaviour LAM-9) */
export function checkRuntime(name: string | undefined): void {
  if (name === undefined || supported.includes(name)) return
  const instead = retired.find(([family]) => family.test(name))?.[1]
  throw instead === undefined
    ? invalid(
        `Value ${name} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${supported.join(', ')}] or be a valid ARN`,
      )
    : invalid(
        `The runtime parameter of ${name} is no longer supported for creating or updating AWS Lambda functions. We recommend you use the new runtime (${instead}) while creating or updating functions.`,
      )
}
