import { allVerbs, type Verb, wordsOf } from './verbs.ts'

/** A script for PowerShell, of Windows or any other system. */
export function powershellCompletion(program: Verb): string {
  const verbs = allVerbs(program)
  const steps = verbs.flatMap((verb) =>
    verb.children.flatMap((child) =>
      wordsOf(child).map((word) => `${quoted(`${verb.path}:${word}`)} = ${quoted(child.path)}`),
    ),
  )
  const values = verbs.flatMap((verb) =>
    verb.options
      .filter((option) => option.choices.length > 0)
      .map((option) => `${quoted(`${verb.path}:${option.flag}`)} = ${listOf(option.choices)}`),
  )
  const words = verbs.map((verb) => {
    const known = [
      ...verb.children.flatMap(wordsOf),
      ...verb.argumentChoices,
      ...verb.options.map((option) => option.flag),
    ]
    return `${quoted(verb.path)} = ${listOf(known)}`
  })
  const roles = verbs.filter((verb) => verb.takesRoles).map((verb) => verb.path)
  return [
    'Register-ArgumentCompleter -Native -CommandName omen -ScriptBlock {',
    '  param($word, $ast, $cursor)',
    ...table('steps', steps),
    ...table('values', values),
    ...table('words', words),
    `  $roles = ${listOf(roles)}`,
    "  $path = ''",
    "  $before = ''",
    '  foreach ($element in $ast.CommandElements | Select-Object -Skip 1) {',
    '    if ($element.Extent.EndOffset -ge $cursor) { break }',
    '    $text = $element.ToString()',
    "    if ($text -eq '--') { return }",
    '    if ($steps.ContainsKey("${path}:$text")) { $path = $steps["${path}:$text"] }',
    '    $before = $text',
    '  }',
    '  $found = $values["${path}:$before"]',
    '  if (-not $found) {',
    '    $found = $words[$path]',
    "    if ($roles -contains $path -and -not $word.StartsWith('-')) { $found = omen completion roles 2>$null }",
    '  }',
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
