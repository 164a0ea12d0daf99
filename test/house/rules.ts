/** A rule that a pattern can check. */
export interface PatternRule {
  readonly name: string
  readonly because: string
  /** Globs of the files that it holds for, and of those among them that it does not. */
  readonly files: readonly string[]
  readonly except?: readonly string[]
  /** Where it looks: code without texts, comments alone, or everything. */
  readonly look: 'code' | 'comments' | 'text'
  readonly never: RegExp
  /** What it catches. */
  readonly breaches: readonly string[]
}

export const sources = ['{packages/*/src,test,tools,scripts}/**/*.{ts,tsx,mts,mjs}']
export const tests = ['**/*.test.{ts,tsx}', 'test/**']
export const generated = ['**/generated/**']
/** What people wrote, in any form; derived data and the lock file are checked by what makes them. */
export const written = ['**/*.{ts,tsx,mts,mjs,json,md,css,html}', '**/.*', '**/{LICENSE,NOTICE,run}']
export const derived = ['package-lock.json', 'packages/server/data/**', 'packages/server/models/*.json']

/** Lines in a file; a longer one holds more than one noun. */
export const longestFile = 400

const product = ['packages/*/src/**/*.{ts,tsx}']
/** What a function's own process runs: no part of the house, but of what the house runs for others. */
const ownProcess = ['packages/server/src/workload/functions/runtime.ts']

/** Words that plain English replaced: returns, has, is in, a caller that. */
export const removedWords =
  /\b(?:[Ww]hoever(?: (?:is|asks|calls|has))?|[Ww]hosever|[Uu]ntold|[Tt]ells?|[Tt]old|[Ss]tands?|[Ss]omebody|of before|that (?:is|are) none)\b/

export const patternRules: readonly PatternRule[] = [
  {
    name: 'no any',
    because: 'unknown, or a type of its own, makes the reader and the compiler sure',
    files: sources,
    look: 'code',
    never: /(?:[:<|&,([]\s*|\b(?:as|extends|is|keyof|satisfies)\s+)any\b(?=\s*(?:[)\]>,;|&=[{\n]|$))/,
    breaches: ['let a: any', 'Map<string, any>', 'x as any', '(a: any[]) => 1'],
  },
  {
    name: 'time and chance are handed in',
    because: 'any run can be repeated from a seed; only base/clock.ts and base/random.ts ask the machine',
    files: product,
    except: [...tests, 'packages/server/src/base/{clock,random}.ts', ...ownProcess, 'packages/console/**'],
    look: 'code',
    never:
      /\bDate\.now\b|(?<![.\w])(?:new\s+)?Date\(\s*\)|\bnew\s+Date\b(?!\s*\()|\bMath\.random\b|\brandom(?:Bytes|UUID|Int|Fill(?:Sync)?)\b|\bgetRandomValues\b|\bperformance\.(?:now|timeOrigin)\b|\bhrtime\b/,
    breaches: [
      'Date.now()',
      'new Date()',
      '[1].map(Date.now)',
      'Math.random()',
      'randomUUID()',
      'performance.now()',
    ],
  },
  {
    name: 'only the rim speaks HTTP',
    because: 'a floor that calls out cannot be repeated',
    files: product,
    except: [...tests, 'packages/server/src/{delivery,gate,guard,workload,cli}/**', 'packages/console/**'],
    look: 'code',
    never: /(?<![.\w])(?:fetch\s*\(|new\s+(?:WebSocket|EventSource|XMLHttpRequest)\b)/,
    breaches: ['await fetch (url)'],
  },
  {
    name: 'the policy package runs in a browser',
    because: 'its package.json promises it',
    files: ['packages/policy/src/**/*.ts'],
    except: tests,
    look: 'code',
    never:
      /(?<![.\w])(?:process|Buffer|__dirname|__filename|setImmediate|require)\b(?!\s*[:(?])|\brequire\s*\(/,
    breaches: ['process.env', 'Buffer.from(a)', 'require(a)'],
  },
  {
    name: 'no code reads a meaning out of an operator’s name',
    because: 'a new operator would be read by accident: condition/operators.ts has a row for each',
    files: product,
    except: tests,
    look: 'text',
    never:
      /\b(?:startsWith|endsWith)\('(?:String|Numeric|Date|Ip|Binary)(?:Not|Equals|Like|Address|LessThan|GreaterThan)?'\)|\bendsWith\('(?:Like|IpAddress|LessThan|GreaterThan)'\)|\bincludes\('(?:Not|Like|Less|Greater)'\)/,
    breaches: ["base.startsWith('Numeric')", "base.includes('Not')", "base.endsWith('Like')"],
  },
  {
    name: 'ARNs are built with the partition of the house',
    because: 'in China and GovCloud they begin otherwise: take Account.partition, or iamArn and its like',
    files: ['packages/server/src/**/*.ts'],
    except: [
      ...tests,
      'packages/server/src/sources/**',
      'packages/server/src/cli/{tour/**,cases/read.ts}',
      'packages/server/src/authorization/catalogue/managed-policies.ts',
    ],
    look: 'text',
    never: /(?<!(?:^|\n)\s*(?:\*|\/\/|\/\*)[^\n]*)['"`]arn:aws:/,
    breaches: ["const arn = 'arn:aws:s3:::b'", 'return `arn:aws:iam::${id}:root`'],
  },
  {
    name: 'only the terminal prints',
    because: 'a server that logs as it likes cannot be read, and may print a secret',
    files: sources,
    except: ['packages/server/src/cli/**', ...ownProcess, 'tools/**', 'test/store/writer.ts'],
    look: 'code',
    never: /(?<![.\w])console\s*\./,
    breaches: ['console.log(1)'],
  },
  {
    name: 'the CLI writes to terminals in one place',
    because:
      'cli/output.ts escapes what a terminal may act upon: use print and printError, and safe for values',
    files: ['packages/server/src/cli/**/*.ts'],
    except: [...tests, 'packages/server/src/cli/output.ts'],
    look: 'code',
    never:
      /\b(?:stdout|stderr|stream|console)\s*\??\.\s*(?:write|log|error|warn|info)\s*\(|\bwritev?Sync\s*\(/,
    breaches: ['process.stdout.write(a)', 'console.log(a)', 'stream.write(a)', 'writeSync(1, a)'],
  },
  {
    name: 'the CLI writes files in few places',
    because: 'each of them checks or escapes what it writes; aws-file.ts by way of output.ts',
    files: ['packages/server/src/cli/**/*.ts'],
    except: [
      ...tests,
      'packages/server/src/cli/{aws-file,home,log-file,pod-agent,commands/policy-fmt,commands/export,snapshot/shelf,learn/folder}.ts',
    ],
    look: 'code',
    never: /\b(?:(?:write|append)File(?:Sync)?|createWriteStream)\b/,
    breaches: ['writeFileSync(a, b)', 'await appendFile(a, b)', 'createWriteStream(a)'],
  },
  {
    name: 'values reach AWS files and shells in one place',
    because:
      'a line break or a quote in one would add settings or commands: settingLine, shellWord, quotedFor',
    files: ['packages/server/src/cli/**/*.ts'],
    except: [...tests, 'packages/server/src/cli/output.ts'],
    look: 'text',
    never: /`(?:export |set -gx |\$Env:)?\$\{(?:name|key)\} ?[= ] ?["']?\$\{value\}/,
    breaches: ['`export ${name}=${value}`', '`${key} = ${value}`'],
  },
  {
    name: 'one place says what a mode makes of a denial',
    because: 'authorization/enforce.ts refuses in a mode that it does not know: use enforce or refuses',
    files: ['packages/server/src/**/*.ts'],
    except: [...tests, 'packages/server/src/cli/doctor.ts'],
    look: 'text',
    never: /\bmode\s*[!=]==?\s*'(?:enforce|audit)'/,
    breaches: ["if (house.mode !== 'enforce') return", "call.mode === 'audit'"],
  },
  {
    name: 'a denial has its words and its code from one place',
    because: 'notAuthorized writes the sentence, and accessDenied the code of each protocol',
    files: ['packages/*/src/**/*.ts'],
    except: [...tests, 'packages/policy/src/explain/sentence.ts'],
    look: 'text',
    never: /\}? is not authorized to perform: /,
    breaches: ['`User: ${arn} is not authorized to perform: sts:AssumeRole`'],
  },
  {
    name: 'tests are grouped by describe',
    because: 'two names for one thing make a reader look for the difference',
    files: tests,
    look: 'code',
    never: /\bsuite\s*\(/,
    breaches: ['suite(a, () => {})'],
  },
  {
    name: 'nothing is put off in a comment',
    because: 'what is not built says so in docs/COVERAGE.md or an issue',
    files: [...sources, '**/*.md'],
    except: ['docs/STYLE.md'],
    look: 'comments',
    never: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    breaches: ['// TODO later'],
  },
  {
    name: 'the compiler is not silenced',
    because: 'an error that is hidden is an error that ships; tests of types may expect one',
    files: sources,
    look: 'comments',
    never: /@ts-(?:ignore|nocheck)\b/,
    breaches: ['// @ts-ignore'],
  },
  {
    name: 'no word to a tool that is not here',
    because: 'nobody reads it, so it says nothing true; Biome formats and lints',
    files: sources,
    look: 'comments',
    never: /\b(?:prettier|eslint|tslint|istanbul|c8)-(?:ignore|disable)/,
    breaches: ['// prettier-ignore'],
  },
  {
    name: 'no test runs alone',
    because: 'the others would pass unseen',
    files: sources,
    look: 'code',
    never: /\b(?:test|suite|describe|it)\.only\b|\bonly:\s*true\b/,
    breaches: ['test.only(a)', '{ only: true }'],
  },
  {
    name: 'comments are plain English',
    because: 'a reader searches for standard words: unknowable, returns, if absent, must',
    files: ['packages/policy/src/**', 'packages/server/src/**', 'packages/console/src/**', 'test/**/*.ts'],
    look: 'comments',
    never: removedWords,
    breaches: [
      '// whoever asks for it',
      '/** Where it stands. */',
      '// an ARN that is none',
      '// somebody else',
    ],
  },
  {
    name: 'a doc comment begins with its noun or its verb',
    because: 'a reader looks for what a thing is called: not "What is kept", but "The record"',
    files: product,
    except: tests,
    look: 'comments',
    never: /\/\*\*\s+(?:\* )?(?:What|Who|Those)\b/,
    breaches: ['/** What is kept of a call. */', '/**\n * Those that are allowed.\n */'],
  },
  {
    name: 'no machine, no registry',
    because: 'a checkout works anywhere, and says nothing of where it was made',
    files: written,
    except: ['test/house/rules.ts'],
    look: 'text',
    never:
      /(?<![\w.:/$}-])\/(?:work|tmp|root|home|Users|mnt|var\/folders)\/|\b(?:registry|proxy|index|files)\.[a-z]+\.(?:org|com|io)\b/,
    // put together here, so that this file itself carries none
    breaches: [
      ['see ', 'work', 'notes'].join('/'),
      '"/tmp/a"',
      ['https://registry', 'npmjs', 'org/a'].join('.'),
    ],
  },
]
