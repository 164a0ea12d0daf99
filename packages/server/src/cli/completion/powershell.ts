import { allVerbs, fixedWords, stepsOf, takesNames, type Verb } from './verbs.ts'

/** A script for PowerShell, of Windows or any other system. */
export function powershellCompletion(program: Verb): string {
  const verbs = allVerbs(program)
  const options = verbs.flatMap((verb) => verb.options.map((option) => ({ verb, option })))
  const values = options
    .filter(({ option }) => option.choices.length > 0)
    .map(({ verb, option }) => `${quoted(`${verb.path}:${option.flag}`)} = ${listOf(option.choices)}`)
  const named = options
    .filter(({ option }) => option.names !== undefined)
    .map(({ verb, option }) => `${verb.path}:${option.flag}`)
  return [
    'Register-ArgumentCompleter -Native -CommandName omen -ScriptBlock {',
    '  param($word, $ast, $cursor)',
    ...table(
      'steps',
      stepsOf(program).map(([step, to]) => `${quoted(step)} = ${quoted(to)}`),
    ),
    ...table('values', values),
    ...table(
      'words',
      verbs.map((verb) => `${quoted(verb.path)} = ${listOf(fixedWords(verb))}`),
    ),
    `  $asking = ${listOf(verbs.filter(takesNames).map((verb) => verb.path))}`,
    `  $named = ${listOf(named)}`,
    "  $verb = ''",
    "  $before = ''",
    '  $typed = @()',
    '  foreach ($element in $ast.CommandElements | Select-Object -Skip 1) {',
    '    if ($element.Extent.EndOffset -ge $cursor) { break }',
    '    $text = $element.ToString()',
    "    if ($text -eq '--') { return }",
    '    if ($steps.ContainsKey("${verb}:$text")) { $verb = $steps["${verb}:$text"] }',
    '    $before = $text',
    '    $typed += $text',
    '  }',
    '  $found = @($values["${verb}:$before"] | Where-Object { $_ })',
    '  $ask = $named -contains "${verb}:$before"',
    '  if ($found.Count -eq 0 -and -not $ask) {',
    '    $found = @($words[$verb])',
    "    $ask = $asking -contains $verb -and -not $word.StartsWith('-')",
    '  }',
    '  if ($ask) { $found += @(omen completion words -- @typed $word 2>$null) }',
    '  $found | Where-Object { $_ -like "$word*" } |',
    "    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }",
    '}',
    '',
  ].join('\n')
}

function table(name: string, rows: readonly string[]): readonly string[] {
  return [`  $${name} = @{`, ...rows.map((row) => `    ${row}`), '  }']
}

function listOf(texts: readonly string[]): string {
  return `@(${texts.map(quoted).join(', ')})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
