# SPDX-License-Identifier: Apache-2.0
# Completion of poolhost's command line for bash: commands, options, task names of the plugins that are named on it.

# The tasks that the line's --config or --plugin offers. Asking for a task that cannot be starts nothing.
_poolhost_tasks() {
    local i host=()
    for ((i = 2; i + 1 < ${#COMP_WORDS[@]}; i++)); do
        case ${COMP_WORDS[i]} in
            --config | --plugin) ((i + 1 == COMP_CWORD)) || host+=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}") ;;
        esac
    done
    ((${#host[@]})) || return
    "${COMP_WORDS[0]}" call '?' --json "${host[@]}" 2>/dev/null | sed -n 's/.*"loaded":\[\([^]]*\)\].*/\1/p' | tr -d '"' | tr ',' '\n'
}

# The options that a command's help lists.
_poolhost_options() {
    "${COMP_WORDS[0]}" "$1" --help 2>/dev/null | sed -n 's/^  \(-h,\)\{0,1\}\(--\{0,1\}[a-z-]*\).*/\2/p'
}

# Whether TASK stands on the line already, before the word that is being completed.
_poolhost_has_task() {
    local i
    for ((i = 2; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            --json | --null | --starmap | --unordered | --fail-fast | --resume | --retry-failed) ;;
            -*) ((i++)) ;;
            *) return 0 ;;
        esac
    done
    return 1
}

_poolhost() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W 'call map check inspect start-methods replay new --help --version' -- "$word"))
        return
    fi
    case $before in
        --start-method) COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" start-methods | cut -d ' ' -f 1)" -- "$word")) ;;
        --progress) COMPREPLY=($(compgen -W 'auto bar lines none' -- "$word")) ;;
        --config | --plugin | --output | --out | --extract) COMPREPLY=($(compgen -f -- "$word")) ;;
        *)
            if [[ $word == -* ]]; then
                COMPREPLY=($(compgen -W "$(_poolhost_options "$command")" -- "$word"))
            elif [[ $command == call || $command == map ]] && ! _poolhost_has_task; then
                COMPREPLY=($(compgen -W "$(_poolhost_tasks)" -- "$word"))
            elif [[ $word == @* ]]; then
                COMPREPLY=($(compgen -P @ -f -- "${word#@}"))
            else
                COMPREPLY=($(compgen -f -- "$word"))
            fi
            ;;
    esac
}

complete -o filenames -F _poolhost poolhost
