/**
 * The path of a file that a template names, relative to the template's own folder. Undefined if it leads out of the
 * root folder, or is not a plain relative path.
 */
export function pathWithin(root: string, template: string, named: string): string | undefined {
  if (named === '' || named.startsWith('/') || /[\\\0]|^[A-Za-z][A-Za-z0-9+.-]*:/.test(named))
    return undefined
  const parts = partsOf(folderOf(template))
  const least = partsOf(root).length
  for (const part of named.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.length > least) parts.pop()
    else return undefined
  }
  return (template.startsWith('/') ? '/' : '') + parts.join('/')
}

/** The folder of a file; empty if the name has none. */
export function folderOf(file: string): string {
  const slash = file.lastIndexOf('/')
  return slash < 0 ? '' : file.slice(0, slash)
}

/** A path without `.`, so that the same file has one name. */
export function plainPath(file: string): string {
  return (file.startsWith('/') ? '/' : '') + partsOf(file).join('/')
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}
