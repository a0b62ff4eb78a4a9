# Completion of the slab command for bash 3.2 and newer. Made by `slab completion bash`; do not edit.
#   source slab.bash

# The options of a verb.
_slab_options() {
  case $1 in
    'create') echo '--cache-dir --cache-size --deletion-protection -d --dimension --dry-run --embed-command --embed-model --embed-timeout --embed-url --endpoint-url --if-not-exists -m --metric --name --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --request-payer --schema -y --yes --skip-confirmation --sse --sse-kms-key-id --text-index --timeout --vector-type --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'describe') echo '--cache-dir --cache-size --endpoint-url --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'configure') echo '--all-namespaces --cache-dir --cache-size --deletion-protection --dry-run --endpoint-url --flush-records --l0-trigger --l1-trigger --l2-trigger --level-profile -n --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --threshold --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'drop') echo '--cache-dir --cache-size --confirm --dry-run --endpoint-url --no-cache --no-input --no-sign-request --now --path-style --no-path-style --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --undo --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'namespace create') echo '--cache-dir --cache-size --dry-run --endpoint-url -n --name --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'namespace list') echo '--cache-dir --cache-size --endpoint-url -l --limit --no-cache --no-sign-request -p --pagination-token --path-style --no-path-style --prefix --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'namespace describe') echo '--cache-dir --cache-size --endpoint-url -n --name --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'namespace delete') echo '--cache-dir --cache-size --confirm --dry-run --endpoint-url -n --name --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'ingest' | 'upsert') echo '-b --batch-size --bulk --no-bulk --cache-dir --cache-size --dry-run --embed-batch --embed-command --embed-concurrency --embed-model --embed-normalize --embed-rate --embed-timeout --embed-url --endpoint-url --extras --flush --format --id-prefix --keep-markers --map --max-errors --metadata -n --namespace --nested --no-cache --no-input --no-sign-request --nulls --number-from --number-rows --on-error --path-style --no-path-style --profile --prompt-prefix --region --rejects --request-payer --resume --shape -y --yes --skip-confirmation --sse --sse-kms-key-id --text-field --threads --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'migrate-from-pod-export') echo '--cache-dir --cache-size -d --dimension --drop-sparse --dry-run --endpoint-url --extras --id-prefix --keep-markers --map --max-errors -m --metric --name -n --namespace --nested --no-cache --no-input --no-sign-request --nulls --number-from --number-rows --on-error --page --path-style --no-path-style --profile --region --rejects --report --request-payer --restart --schema --seed --shape -y --yes --skip-confirmation --sse --sse-kms-key-id --threads --timeout --vector-type --verify --verify-only --verify-queries --work --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'pull') echo '--cache-dir --cache-size -d --dimension --drop-sparse --endpoint-url --ids -m --metric --name -n --namespace --no-cache --no-sign-request --page --path-style --no-path-style --probe --probes --profile --rate --region --report --request-payer --restart --schema --sse --sse-kms-key-id --threads --timeout --vector-type --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'export') echo '--all-namespaces --as-of --cache-dir --cache-size --endpoint-url -f --filter --format -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --region --report --request-payer --salvage --sort --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'update') echo '--cache-dir --cache-size --dry-run --endpoint-url -f --filter -i --id -n --namespace --no-cache --no-input --no-sign-request --nulls --path-style --no-path-style --profile --region --request-payer --metadata --set-metadata -y --yes --skip-confirmation --sparse-indices --sparse-values --sse --sse-kms-key-id --timeout --unset --values --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'delete') echo '--all --all-vectors --cache-dir --cache-size --confirm --dry-run --endpoint-url -f --filter --id --ids -n --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --prefix --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'erase') echo '--cache-dir --cache-size --drop-quarantine --dry-run --endpoint-url -f --filter --id --ids --min-age -n --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --release-checkpoints --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'fetch') echo '--as-of --cache-dir --cache-size --endpoint-url -f --filter --id --ids --include-metadata --no-include-metadata --include-values --no-include-values -l --limit -n --namespace --no-cache --no-sign-request -p --pagination-token --path-style --no-path-style --profile --region --request-payer --require-all --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'list') echo '--all --as-of --cache-dir --cache-size --endpoint-url -l --limit -n --namespace --no-cache --no-sign-request -p --pagination-token --path-style --no-path-style --prefix --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'query') echo '--all-namespaces --alpha --as-of --cache-dir --cache-size --embed-command --embed-model --embed-timeout --embed-url --endpoint-url --exact --fail-empty -f --filter --group-by -i --id --include-metadata --include-slab --include-values --min-score --mmr --mode -n --namespace --no-cache --no-sign-request --offset --path-style --no-path-style --prefix --profile --profile-query --queries --query-prefix --recall --region --request-payer --skip-damaged --sparse-indices --sparse-values --sse --sse-kms-key-id --text --threads --timeout -k --top-k -v --vector --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'log') echo '--cache-dir --cache-size --endpoint-url -l --limit -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'explain') echo '--alpha --cache-dir --cache-size --embed-command --embed-model --embed-timeout --embed-url --endpoint-url --exact -f --filter -i --id --include-metadata --include-values --mode -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --query-prefix --recall --region --request-payer --sparse-indices --sparse-values --sse --sse-kms-key-id --text --threads --timeout -k --top-k -v --vector --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'bench') echo '--batch --cache-dir --cache-size --duration --endpoint-url --exact -f --filter --ground-truth --ground-truth-scores --id-prefix --ids -n --namespace --no-cache --no-sign-request --passes --path-style --no-path-style --profile --queries --recall --region --request-payer --seed --sse --sse-kms-key-id --threads --timeout -k --top-k --warmup --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'estimate') echo '-b --batch-size --cache-dir --cache-size --cold-share -d --dimension --endpoint-url --id-bytes --metadata-bytes -m --metric -n --namespace --no-cache --no-sign-request --path-style --no-path-style --prices --print-prices --profile --queries --records --region --request-payer --sparse --sse --sse-kms-key-id --timeout -k --top-k --writes --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'stats') echo '--as-of --cache-dir --cache-size --endpoint-url -f --filter -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'facet') echo '--all --as-of --cache-dir --cache-size --endpoint-url --field -f --filter -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --top --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'shell' | 'repl') echo '--bail --cache-dir --cache-size -c --command --endpoint-url -f --file --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'warm') echo '--all --cache-dir --cache-size --codes --endpoint-url -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'flush') echo '--all-namespaces --cache-dir --cache-size --dry-run --endpoint-url -n --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'compact') echo '--all-namespaces --auto --cache-dir --cache-size --dry-run --endpoint-url --full --level --max-bytes --max-duration -n --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --rebuild --region --request-payer -y --yes --skip-confirmation --slabs --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'gc') echo '--cache-dir --cache-size --dry-run --endpoint-url --keep-manifests --max-deletes --min-age -n --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'checkpoint create') echo '--cache-dir --cache-size --dry-run --endpoint-url --expires -n --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'checkpoint list') echo '--cache-dir --cache-size --endpoint-url -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'checkpoint show') echo '--cache-dir --cache-size --endpoint-url -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'checkpoint delete') echo '--cache-dir --cache-size --dry-run --endpoint-url -n --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'restore') echo '--all-namespaces --cache-dir --cache-size --dry-run --endpoint-url -n --namespace --no-cache --no-input --no-sign-request --path-style --no-path-style --profile --region --request-payer -y --yes --skip-confirmation --sse --sse-kms-key-id --timeout --verify --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'inspect') echo '--cache-dir --cache-size --color-by --endpoint-url --field --head --html --id --length --no-cache --no-sign-request --offset --path-style --no-path-style --profile --raw --region --request-payer --row --sample --section --sse --sse-kms-key-id --timeout --what --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'verify') echo '--against --cache-dir --cache-size --endpoint-url --level --max-duration --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --resume-after --sample --sse --sse-kms-key-id --strict --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'repair') echo '--apply --cache-dir --cache-size --endpoint-url --index-name --may-resurrect -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --timeout --to --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'copy') echo '--cache-dir --cache-size --dry-run --endpoint-url -n --namespace --no-cache --no-sign-request --no-verify --path-style --no-path-style --profile --region --request-payer --sse --sse-kms-key-id --threads --timeout --as-of --to-checkpoint --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'doctor') echo '--cache-dir --cache-size --endpoint-url --no-cache --no-sign-request --path-style --no-path-style --profile --read-only --region --request-payer --sse --sse-kms-key-id --timeout --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'serve') echo '--advertise --cache-dir --cache-size --check --cors-origin --drain --embed-command --embed-model --embed-timeout --embed-url --endpoint-url --freshness --host --import-root --index-ports --insecure --keys --max-body --metrics-port --no-background --no-cache --no-log --no-sign-request --path-style --no-path-style --peers --port --profile --read-only --region --request-payer --sse --sse-kms-key-id --strict-pinecone --timeout --tls-cert --tls-key --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'mcp') echo '--cache-dir --cache-size --embed-command --embed-model --embed-timeout --embed-url --endpoint-url -n --namespace --no-cache --no-sign-request --path-style --no-path-style --profile --query-prefix --region --request-payer --sse --sse-kms-key-id --timeout --tools --color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'demo') echo '--color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'prepare') echo '--color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
    'completion') echo '--color --debug --fields -h --help --help-all -j --json --out -o --output --progress -q --quiet --time --width' ;;
  esac
}

# The values of an option of a verb; @ where a file can follow, nothing where none does.
_slab_values() {
  case "$1 $2" in
    'bench --batch' | 'bench --cache-size' | 'bench --duration' | 'bench --endpoint-url' | 'bench --id-prefix' | 'bench --passes' | 'bench --profile' | 'bench --recall' | 'bench --region' | 'bench --request-payer' | 'bench --seed' | 'bench --sse' | 'bench --sse-kms-key-id' | 'bench --threads' | 'bench --timeout' | 'bench -k' | 'bench --top-k' | 'bench --warmup' | 'bench --width') echo '@-' ;;
    'bench --cache-dir' | 'bench --ground-truth' | 'bench --ground-truth-scores' | 'bench --ids' | 'bench --queries' | 'bench --out') echo '@' ;;
    'bench --color') echo 'auto always never' ;;
    'bench --fields') echo '@members' ;;
    'bench --progress') echo 'auto bar plain json none' ;;
    'bench -f' | 'bench --filter') echo '@filter' ;;
    'bench -n' | 'bench --namespace') echo '@namespaces' ;;
    'bench -o' | 'bench --output') echo 'table json ndjson csv tsv line' ;;
    'checkpoint create --cache-dir' | 'checkpoint create --out') echo '@' ;;
    'checkpoint create --cache-size' | 'checkpoint create --endpoint-url' | 'checkpoint create --expires' | 'checkpoint create --profile' | 'checkpoint create --region' | 'checkpoint create --request-payer' | 'checkpoint create --sse' | 'checkpoint create --sse-kms-key-id' | 'checkpoint create --timeout' | 'checkpoint create --width') echo '@-' ;;
    'checkpoint create --color') echo 'auto always never' ;;
    'checkpoint create --fields') echo '@members' ;;
    'checkpoint create --progress') echo 'auto bar plain json none' ;;
    'checkpoint create -n' | 'checkpoint create --namespace') echo '@namespaces' ;;
    'checkpoint create -o' | 'checkpoint create --output') echo 'table json ndjson csv tsv line' ;;
    'checkpoint delete --cache-dir' | 'checkpoint delete --out') echo '@' ;;
    'checkpoint delete --cache-size' | 'checkpoint delete --endpoint-url' | 'checkpoint delete --profile' | 'checkpoint delete --region' | 'checkpoint delete --request-payer' | 'checkpoint delete --sse' | 'checkpoint delete --sse-kms-key-id' | 'checkpoint delete --timeout' | 'checkpoint delete --width') echo '@-' ;;
    'checkpoint delete --color') echo 'auto always never' ;;
    'checkpoint delete --fields') echo '@members' ;;
    'checkpoint delete --progress') echo 'auto bar plain json none' ;;
    'checkpoint delete -n' | 'checkpoint delete --namespace') echo '@namespaces' ;;
    'checkpoint delete -o' | 'checkpoint delete --output') echo 'table json ndjson csv tsv line' ;;
    'checkpoint list --cache-dir' | 'checkpoint list --out') echo '@' ;;
    'checkpoint list --cache-size' | 'checkpoint list --endpoint-url' | 'checkpoint list --profile' | 'checkpoint list --region' | 'checkpoint list --request-payer' | 'checkpoint list --sse' | 'checkpoint list --sse-kms-key-id' | 'checkpoint list --timeout' | 'checkpoint list --width') echo '@-' ;;
    'checkpoint list --color') echo 'auto always never' ;;
    'checkpoint list --fields') echo '@members' ;;
    'checkpoint list --progress') echo 'auto bar plain json none' ;;
    'checkpoint list -n' | 'checkpoint list --namespace') echo '@namespaces' ;;
    'checkpoint list -o' | 'checkpoint list --output') echo 'table json ndjson csv tsv line' ;;
    'checkpoint show --cache-dir' | 'checkpoint show --out') echo '@' ;;
    'checkpoint show --cache-size' | 'checkpoint show --endpoint-url' | 'checkpoint show --profile' | 'checkpoint show --region' | 'checkpoint show --request-payer' | 'checkpoint show --sse' | 'checkpoint show --sse-kms-key-id' | 'checkpoint show --timeout' | 'checkpoint show --width') echo '@-' ;;
    'checkpoint show --color') echo 'auto always never' ;;
    'checkpoint show --fields') echo '@members' ;;
    'checkpoint show --progress') echo 'auto bar plain json none' ;;
    'checkpoint show -n' | 'checkpoint show --namespace') echo '@namespaces' ;;
    'checkpoint show -o' | 'checkpoint show --output') echo 'table json ndjson csv tsv line' ;;
    'compact --cache-dir' | 'compact --out') echo '@' ;;
    'compact --cache-size' | 'compact --endpoint-url' | 'compact --max-bytes' | 'compact --max-duration' | 'compact --profile' | 'compact --region' | 'compact --request-payer' | 'compact --slabs' | 'compact --sse' | 'compact --sse-kms-key-id' | 'compact --timeout' | 'compact --width') echo '@-' ;;
    'compact --color') echo 'auto always never' ;;
    'compact --fields') echo '@members' ;;
    'compact --level') echo 'L0 L1 L2' ;;
    'compact --progress') echo 'auto bar plain json none' ;;
    'compact -n' | 'compact --namespace') echo '@namespaces' ;;
    'compact -o' | 'compact --output') echo 'table json ndjson csv tsv line' ;;
    'completion --color') echo 'auto always never' ;;
    'completion --fields') echo '@members' ;;
    'completion --out') echo '@' ;;
    'completion --progress') echo 'auto bar plain json none' ;;
    'completion --width') echo '@-' ;;
    'completion -o' | 'completion --output') echo 'table json ndjson csv tsv line' ;;
    'configure --cache-dir' | 'configure --out') echo '@' ;;
    'configure --cache-size' | 'configure --endpoint-url' | 'configure --flush-records' | 'configure --l0-trigger' | 'configure --l1-trigger' | 'configure --l2-trigger' | 'configure --level-profile' | 'configure --profile' | 'configure --region' | 'configure --request-payer' | 'configure --sse' | 'configure --sse-kms-key-id' | 'configure --threshold' | 'configure --timeout' | 'configure --width') echo '@-' ;;
    'configure --color') echo 'auto always never' ;;
    'configure --deletion-protection') echo 'enabled disabled' ;;
    'configure --fields') echo '@members' ;;
    'configure --progress') echo 'auto bar plain json none' ;;
    'configure -n' | 'configure --namespace') echo '@namespaces' ;;
    'configure -o' | 'configure --output') echo 'table json ndjson csv tsv line' ;;
    'copy --as-of' | 'copy --to-checkpoint') echo '@checkpoints' ;;
    'copy --cache-dir' | 'copy --out') echo '@' ;;
    'copy --cache-size' | 'copy --endpoint-url' | 'copy --profile' | 'copy --region' | 'copy --request-payer' | 'copy --sse' | 'copy --sse-kms-key-id' | 'copy --threads' | 'copy --timeout' | 'copy --width') echo '@-' ;;
    'copy --color') echo 'auto always never' ;;
    'copy --fields') echo '@members' ;;
    'copy --progress') echo 'auto bar plain json none' ;;
    'copy -n' | 'copy --namespace') echo '@namespaces' ;;
    'copy -o' | 'copy --output') echo 'table json ndjson csv tsv line' ;;
    'create --cache-dir' | 'create --out') echo '@' ;;
    'create --cache-size' | 'create -d' | 'create --dimension' | 'create --embed-command' | 'create --embed-model' | 'create --embed-timeout' | 'create --embed-url' | 'create --endpoint-url' | 'create --name' | 'create --profile' | 'create --region' | 'create --request-payer' | 'create --schema' | 'create --sse' | 'create --sse-kms-key-id' | 'create --text-index' | 'create --timeout' | 'create --width') echo '@-' ;;
    'create --color') echo 'auto always never' ;;
    'create --deletion-protection') echo 'enabled disabled' ;;
    'create --fields') echo '@members' ;;
    'create --progress') echo 'auto bar plain json none' ;;
    'create --vector-type') echo 'dense sparse hybrid' ;;
    'create -m' | 'create --metric') echo 'cosine euclidean dotproduct' ;;
    'create -o' | 'create --output') echo 'table json ndjson csv tsv line' ;;
    'delete --cache-dir' | 'delete --out') echo '@' ;;
    'delete --cache-size' | 'delete --confirm' | 'delete --endpoint-url' | 'delete --profile' | 'delete --region' | 'delete --request-payer' | 'delete --sse' | 'delete --sse-kms-key-id' | 'delete --timeout' | 'delete --width') echo '@-' ;;
    'delete --color') echo 'auto always never' ;;
    'delete --fields') echo '@members' ;;
    'delete --id' | 'delete --ids') echo '@ids' ;;
    'delete --prefix') echo '@id' ;;
    'delete --progress') echo 'auto bar plain json none' ;;
    'delete -f' | 'delete --filter') echo '@filter' ;;
    'delete -n' | 'delete --namespace') echo '@namespaces' ;;
    'delete -o' | 'delete --output') echo 'table json ndjson csv tsv line' ;;
    'demo --color') echo 'auto always never' ;;
    'demo --fields') echo '@members' ;;
    'demo --out') echo '@' ;;
    'demo --progress') echo 'auto bar plain json none' ;;
    'demo --width') echo '@-' ;;
    'demo -o' | 'demo --output') echo 'table json ndjson csv tsv line' ;;
    'describe --cache-dir' | 'describe --out') echo '@' ;;
    'describe --cache-size' | 'describe --endpoint-url' | 'describe --profile' | 'describe --region' | 'describe --request-payer' | 'describe --sse' | 'describe --sse-kms-key-id' | 'describe --timeout' | 'describe --width') echo '@-' ;;
    'describe --color') echo 'auto always never' ;;
    'describe --fields') echo '@members' ;;
    'describe --progress') echo 'auto bar plain json none' ;;
    'describe -o' | 'describe --output') echo 'table json ndjson csv tsv line' ;;
    'doctor --cache-dir' | 'doctor --out') echo '@' ;;
    'doctor --cache-size' | 'doctor --endpoint-url' | 'doctor --profile' | 'doctor --region' | 'doctor --request-payer' | 'doctor --sse' | 'doctor --sse-kms-key-id' | 'doctor --timeout' | 'doctor --width') echo '@-' ;;
    'doctor --color') echo 'auto always never' ;;
    'doctor --fields') echo '@members' ;;
    'doctor --progress') echo 'auto bar plain json none' ;;
    'doctor -o' | 'doctor --output') echo 'table json ndjson csv tsv line' ;;
    'drop --cache-dir' | 'drop --out') echo '@' ;;
    'drop --cache-size' | 'drop --confirm' | 'drop --endpoint-url' | 'drop --profile' | 'drop --region' | 'drop --request-payer' | 'drop --sse' | 'drop --sse-kms-key-id' | 'drop --timeout' | 'drop --width') echo '@-' ;;
    'drop --color') echo 'auto always never' ;;
    'drop --fields') echo '@members' ;;
    'drop --progress') echo 'auto bar plain json none' ;;
    'drop -o' | 'drop --output') echo 'table json ndjson csv tsv line' ;;
    'erase --cache-dir' | 'erase --out') echo '@' ;;
    'erase --cache-size' | 'erase --endpoint-url' | 'erase --min-age' | 'erase --profile' | 'erase --region' | 'erase --request-payer' | 'erase --sse' | 'erase --sse-kms-key-id' | 'erase --timeout' | 'erase --width') echo '@-' ;;
    'erase --color') echo 'auto always never' ;;
    'erase --fields') echo '@members' ;;
    'erase --id' | 'erase --ids') echo '@ids' ;;
    'erase --progress') echo 'auto bar plain json none' ;;
    'erase -f' | 'erase --filter') echo '@filter' ;;
    'erase -n' | 'erase --namespace') echo '@namespaces' ;;
    'erase -o' | 'erase --output') echo 'table json ndjson csv tsv line' ;;
    'estimate --cache-dir' | 'estimate --prices' | 'estimate --out') echo '@' ;;
    'estimate --color') echo 'auto always never' ;;
    'estimate --fields') echo '@members' ;;
    'estimate --progress') echo 'auto bar plain json none' ;;
    'estimate -b' | 'estimate --batch-size' | 'estimate --cache-size' | 'estimate --cold-share' | 'estimate -d' | 'estimate --dimension' | 'estimate --endpoint-url' | 'estimate --id-bytes' | 'estimate --metadata-bytes' | 'estimate --profile' | 'estimate --queries' | 'estimate --records' | 'estimate --region' | 'estimate --request-payer' | 'estimate --sparse' | 'estimate --sse' | 'estimate --sse-kms-key-id' | 'estimate --timeout' | 'estimate -k' | 'estimate --top-k' | 'estimate --writes' | 'estimate --width') echo '@-' ;;
    'estimate -m' | 'estimate --metric') echo 'cosine euclidean dotproduct' ;;
    'estimate -n' | 'estimate --namespace') echo '@namespaces' ;;
    'estimate -o' | 'estimate --output') echo 'table json ndjson csv tsv line' ;;
    'explain --alpha' | 'explain --cache-size' | 'explain --embed-command' | 'explain --embed-model' | 'explain --embed-timeout' | 'explain --embed-url' | 'explain --endpoint-url' | 'explain --profile' | 'explain --query-prefix' | 'explain --recall' | 'explain --region' | 'explain --request-payer' | 'explain --sse' | 'explain --sse-kms-key-id' | 'explain --text' | 'explain --threads' | 'explain --timeout' | 'explain -k' | 'explain --top-k' | 'explain --width') echo '@-' ;;
    'explain --cache-dir' | 'explain --sparse-indices' | 'explain --sparse-values' | 'explain -v' | 'explain --vector' | 'explain --out') echo '@' ;;
    'explain --color') echo 'auto always never' ;;
    'explain --fields') echo '@members' ;;
    'explain --mode') echo 'dense text hybrid' ;;
    'explain --progress') echo 'auto bar plain json none' ;;
    'explain -f' | 'explain --filter') echo '@filter' ;;
    'explain -i' | 'explain --id') echo '@id' ;;
    'explain -n' | 'explain --namespace') echo '@namespaces' ;;
    'explain -o' | 'explain --output') echo 'table json ndjson csv tsv line' ;;
    'export --as-of') echo '@checkpoints' ;;
    'export --cache-dir' | 'export --report' | 'export --out') echo '@' ;;
    'export --cache-size' | 'export --endpoint-url' | 'export --profile' | 'export --region' | 'export --request-payer' | 'export --sort' | 'export --sse' | 'export --sse-kms-key-id' | 'export --timeout' | 'export --width') echo '@-' ;;
    'export --color') echo 'auto always never' ;;
    'export --fields') echo '@members' ;;
    'export --format') echo 'jsonl parquet npy' ;;
    'export --progress') echo 'auto bar plain json none' ;;
    'export -f' | 'export --filter') echo '@filter' ;;
    'export -n' | 'export --namespace') echo '@namespaces' ;;
    'export -o' | 'export --output') echo 'table json ndjson csv tsv line' ;;
    'facet --as-of') echo '@checkpoints' ;;
    'facet --cache-dir' | 'facet --out') echo '@' ;;
    'facet --cache-size' | 'facet --endpoint-url' | 'facet --profile' | 'facet --region' | 'facet --request-payer' | 'facet --sse' | 'facet --sse-kms-key-id' | 'facet --timeout' | 'facet --top' | 'facet --width') echo '@-' ;;
    'facet --color') echo 'auto always never' ;;
    'facet --field') echo '@fields' ;;
    'facet --fields') echo '@members' ;;
    'facet --progress') echo 'auto bar plain json none' ;;
    'facet -f' | 'facet --filter') echo '@filter' ;;
    'facet -n' | 'facet --namespace') echo '@namespaces' ;;
    'facet -o' | 'facet --output') echo 'table json ndjson csv tsv line' ;;
    'fetch --as-of') echo '@checkpoints' ;;
    'fetch --cache-dir' | 'fetch --out') echo '@' ;;
    'fetch --cache-size' | 'fetch --endpoint-url' | 'fetch -l' | 'fetch --limit' | 'fetch -p' | 'fetch --pagination-token' | 'fetch --profile' | 'fetch --region' | 'fetch --request-payer' | 'fetch --sse' | 'fetch --sse-kms-key-id' | 'fetch --timeout' | 'fetch --width') echo '@-' ;;
    'fetch --color') echo 'auto always never' ;;
    'fetch --fields') echo '@members' ;;
    'fetch --id' | 'fetch --ids') echo '@ids' ;;
    'fetch --progress') echo 'auto bar plain json none' ;;
    'fetch -f' | 'fetch --filter') echo '@filter' ;;
    'fetch -n' | 'fetch --namespace') echo '@namespaces' ;;
    'fetch -o' | 'fetch --output') echo 'table json ndjson csv tsv line' ;;
    'flush --cache-dir' | 'flush --out') echo '@' ;;
    'flush --cache-size' | 'flush --endpoint-url' | 'flush --profile' | 'flush --region' | 'flush --request-payer' | 'flush --sse' | 'flush --sse-kms-key-id' | 'flush --timeout' | 'flush --width') echo '@-' ;;
    'flush --color') echo 'auto always never' ;;
    'flush --fields') echo '@members' ;;
    'flush --progress') echo 'auto bar plain json none' ;;
    'flush -n' | 'flush --namespace') echo '@namespaces' ;;
    'flush -o' | 'flush --output') echo 'table json ndjson csv tsv line' ;;
    'gc --cache-dir' | 'gc --out') echo '@' ;;
    'gc --cache-size' | 'gc --endpoint-url' | 'gc --keep-manifests' | 'gc --max-deletes' | 'gc --min-age' | 'gc --profile' | 'gc --region' | 'gc --request-payer' | 'gc --sse' | 'gc --sse-kms-key-id' | 'gc --timeout' | 'gc --width') echo '@-' ;;
    'gc --color') echo 'auto always never' ;;
    'gc --fields') echo '@members' ;;
    'gc --progress') echo 'auto bar plain json none' ;;
    'gc -n' | 'gc --namespace') echo '@namespaces' ;;
    'gc -o' | 'gc --output') echo 'table json ndjson csv tsv line' ;;
    'ingest --cache-dir' | 'upsert --cache-dir' | 'ingest --metadata' | 'upsert --metadata' | 'ingest --rejects' | 'upsert --rejects' | 'ingest --out' | 'upsert --out') echo '@' ;;
    'ingest --color' | 'upsert --color') echo 'auto always never' ;;
    'ingest --extras' | 'upsert --extras') echo 'auto metadata ignore' ;;
    'ingest --fields' | 'upsert --fields') echo '@members' ;;
    'ingest --format' | 'upsert --format') echo 'auto jsonl json-array json-vectors fetch query by-namespace columnar-json jsonl-folder pinecone-import vdf pinecone-dataset parquet delta csv npy npy-ids npz safetensors fvecs bvecs ivecs mixed' ;;
    'ingest --nested' | 'upsert --nested') echo 'refuse text drop' ;;
    'ingest --nulls' | 'upsert --nulls') echo 'refuse drop' ;;
    'ingest --on-error' | 'upsert --on-error') echo 'abort skip' ;;
    'ingest --progress' | 'upsert --progress') echo 'auto bar plain json none' ;;
    'ingest --shape' | 'upsert --shape') echo 'jsonl json-array json-vectors fetch query by-namespace columnar-json jsonl-folder pinecone-import vdf pinecone-dataset parquet delta csv npy npy-ids npz safetensors fvecs bvecs ivecs mixed' ;;
    'ingest --text-field' | 'upsert --text-field') echo '@fields' ;;
    'ingest -b' | 'upsert -b' | 'ingest --batch-size' | 'upsert --batch-size' | 'ingest --cache-size' | 'upsert --cache-size' | 'ingest --embed-batch' | 'upsert --embed-batch' | 'ingest --embed-command' | 'upsert --embed-command' | 'ingest --embed-concurrency' | 'upsert --embed-concurrency' | 'ingest --embed-model' | 'upsert --embed-model' | 'ingest --embed-rate' | 'upsert --embed-rate' | 'ingest --embed-timeout' | 'upsert --embed-timeout' | 'ingest --embed-url' | 'upsert --embed-url' | 'ingest --endpoint-url' | 'upsert --endpoint-url' | 'ingest --id-prefix' | 'upsert --id-prefix' | 'ingest --map' | 'upsert --map' | 'ingest --max-errors' | 'upsert --max-errors' | 'ingest --number-from' | 'upsert --number-from' | 'ingest --profile' | 'upsert --profile' | 'ingest --prompt-prefix' | 'upsert --prompt-prefix' | 'ingest --region' | 'upsert --region' | 'ingest --request-payer' | 'upsert --request-payer' | 'ingest --resume' | 'upsert --resume' | 'ingest --sse' | 'upsert --sse' | 'ingest --sse-kms-key-id' | 'upsert --sse-kms-key-id' | 'ingest --threads' | 'upsert --threads' | 'ingest --timeout' | 'upsert --timeout' | 'ingest --width' | 'upsert --width') echo '@-' ;;
    'ingest -n' | 'upsert -n' | 'ingest --namespace' | 'upsert --namespace') echo '@namespaces' ;;
    'ingest -o' | 'upsert -o' | 'ingest --output' | 'upsert --output') echo 'table json ndjson csv tsv line' ;;
    'inspect --cache-dir' | 'inspect --html' | 'inspect --out') echo '@' ;;
    'inspect --cache-size' | 'inspect --endpoint-url' | 'inspect --head' | 'inspect --length' | 'inspect --offset' | 'inspect --profile' | 'inspect --region' | 'inspect --request-payer' | 'inspect --row' | 'inspect --sample' | 'inspect --section' | 'inspect --sse' | 'inspect --sse-kms-key-id' | 'inspect --timeout' | 'inspect --width') echo '@-' ;;
    'inspect --color') echo 'auto always never' ;;
    'inspect --color-by' | 'inspect --field') echo '@fields' ;;
    'inspect --fields') echo '@members' ;;
    'inspect --id') echo '@id' ;;
    'inspect --progress') echo 'auto bar plain json none' ;;
    'inspect --what') echo 'files levels slabs namespaces summary layout manifest sections columns bitmaps tombstones vectors ann all row hex wal' ;;
    'inspect -o' | 'inspect --output') echo 'table json ndjson csv tsv line' ;;
    'list --as-of') echo '@checkpoints' ;;
    'list --cache-dir' | 'list --out') echo '@' ;;
    'list --cache-size' | 'list --endpoint-url' | 'list -l' | 'list --limit' | 'list -p' | 'list --pagination-token' | 'list --profile' | 'list --region' | 'list --request-payer' | 'list --sse' | 'list --sse-kms-key-id' | 'list --timeout' | 'list --width') echo '@-' ;;
    'list --color') echo 'auto always never' ;;
    'list --fields') echo '@members' ;;
    'list --prefix') echo '@id' ;;
    'list --progress') echo 'auto bar plain json none' ;;
    'list -n' | 'list --namespace') echo '@namespaces' ;;
    'list -o' | 'list --output') echo 'table json ndjson csv tsv line' ;;
    'log --cache-dir' | 'log --out') echo '@' ;;
    'log --cache-size' | 'log --endpoint-url' | 'log -l' | 'log --limit' | 'log --profile' | 'log --region' | 'log --request-payer' | 'log --sse' | 'log --sse-kms-key-id' | 'log --timeout' | 'log --width') echo '@-' ;;
    'log --color') echo 'auto always never' ;;
    'log --fields') echo '@members' ;;
    'log --progress') echo 'auto bar plain json none' ;;
    'log -n' | 'log --namespace') echo '@namespaces' ;;
    'log -o' | 'log --output') echo 'table json ndjson csv tsv line' ;;
    'mcp --cache-dir' | 'mcp --out') echo '@' ;;
    'mcp --cache-size' | 'mcp --embed-command' | 'mcp --embed-model' | 'mcp --embed-timeout' | 'mcp --embed-url' | 'mcp --endpoint-url' | 'mcp --profile' | 'mcp --query-prefix' | 'mcp --region' | 'mcp --request-payer' | 'mcp --sse' | 'mcp --sse-kms-key-id' | 'mcp --timeout' | 'mcp --width') echo '@-' ;;
    'mcp --color') echo 'auto always never' ;;
    'mcp --fields') echo '@members' ;;
    'mcp --progress') echo 'auto bar plain json none' ;;
    'mcp -n' | 'mcp --namespace') echo '@namespaces' ;;
    'mcp -o' | 'mcp --output') echo 'table json ndjson csv tsv line' ;;
    'migrate-from-pod-export --cache-dir' | 'migrate-from-pod-export --page' | 'migrate-from-pod-export --rejects' | 'migrate-from-pod-export --report' | 'migrate-from-pod-export --work' | 'migrate-from-pod-export --out') echo '@' ;;
    'migrate-from-pod-export --cache-size' | 'migrate-from-pod-export -d' | 'migrate-from-pod-export --dimension' | 'migrate-from-pod-export --endpoint-url' | 'migrate-from-pod-export --id-prefix' | 'migrate-from-pod-export --map' | 'migrate-from-pod-export --max-errors' | 'migrate-from-pod-export --name' | 'migrate-from-pod-export --number-from' | 'migrate-from-pod-export --profile' | 'migrate-from-pod-export --region' | 'migrate-from-pod-export --request-payer' | 'migrate-from-pod-export --schema' | 'migrate-from-pod-export --seed' | 'migrate-from-pod-export --sse' | 'migrate-from-pod-export --sse-kms-key-id' | 'migrate-from-pod-export --threads' | 'migrate-from-pod-export --timeout' | 'migrate-from-pod-export --verify-queries' | 'migrate-from-pod-export --width') echo '@-' ;;
    'migrate-from-pod-export --color') echo 'auto always never' ;;
    'migrate-from-pod-export --extras') echo 'auto metadata ignore' ;;
    'migrate-from-pod-export --fields') echo '@members' ;;
    'migrate-from-pod-export --nested') echo 'refuse text drop' ;;
    'migrate-from-pod-export --nulls') echo 'refuse drop' ;;
    'migrate-from-pod-export --on-error') echo 'abort skip' ;;
    'migrate-from-pod-export --progress') echo 'auto bar plain json none' ;;
    'migrate-from-pod-export --shape') echo 'jsonl json-array json-vectors fetch query by-namespace columnar-json jsonl-folder pinecone-import vdf pinecone-dataset parquet delta csv npy npy-ids npz safetensors fvecs bvecs ivecs mixed' ;;
    'migrate-from-pod-export --vector-type') echo 'dense sparse hybrid' ;;
    'migrate-from-pod-export -m' | 'migrate-from-pod-export --metric') echo 'cosine euclidean dotproduct' ;;
    'migrate-from-pod-export -n' | 'migrate-from-pod-export --namespace') echo '@namespaces' ;;
    'migrate-from-pod-export -o' | 'migrate-from-pod-export --output') echo 'table json ndjson csv tsv line' ;;
    'namespace create --cache-dir' | 'namespace create --out') echo '@' ;;
    'namespace create --cache-size' | 'namespace create --endpoint-url' | 'namespace create --profile' | 'namespace create --region' | 'namespace create --request-payer' | 'namespace create --sse' | 'namespace create --sse-kms-key-id' | 'namespace create --timeout' | 'namespace create --width') echo '@-' ;;
    'namespace create --color') echo 'auto always never' ;;
    'namespace create --fields') echo '@members' ;;
    'namespace create --progress') echo 'auto bar plain json none' ;;
    'namespace create -n' | 'namespace create --name' | 'namespace create --namespace') echo '@namespaces' ;;
    'namespace create -o' | 'namespace create --output') echo 'table json ndjson csv tsv line' ;;
    'namespace delete --cache-dir' | 'namespace delete --out') echo '@' ;;
    'namespace delete --cache-size' | 'namespace delete --confirm' | 'namespace delete --endpoint-url' | 'namespace delete --profile' | 'namespace delete --region' | 'namespace delete --request-payer' | 'namespace delete --sse' | 'namespace delete --sse-kms-key-id' | 'namespace delete --timeout' | 'namespace delete --width') echo '@-' ;;
    'namespace delete --color') echo 'auto always never' ;;
    'namespace delete --fields') echo '@members' ;;
    'namespace delete --progress') echo 'auto bar plain json none' ;;
    'namespace delete -n' | 'namespace delete --name' | 'namespace delete --namespace') echo '@namespaces' ;;
    'namespace delete -o' | 'namespace delete --output') echo 'table json ndjson csv tsv line' ;;
    'namespace describe --cache-dir' | 'namespace describe --out') echo '@' ;;
    'namespace describe --cache-size' | 'namespace describe --endpoint-url' | 'namespace describe --profile' | 'namespace describe --region' | 'namespace describe --request-payer' | 'namespace describe --sse' | 'namespace describe --sse-kms-key-id' | 'namespace describe --timeout' | 'namespace describe --width') echo '@-' ;;
    'namespace describe --color') echo 'auto always never' ;;
    'namespace describe --fields') echo '@members' ;;
    'namespace describe --progress') echo 'auto bar plain json none' ;;
    'namespace describe -n' | 'namespace describe --name' | 'namespace describe --namespace') echo '@namespaces' ;;
    'namespace describe -o' | 'namespace describe --output') echo 'table json ndjson csv tsv line' ;;
    'namespace list --cache-dir' | 'namespace list --out') echo '@' ;;
    'namespace list --cache-size' | 'namespace list --endpoint-url' | 'namespace list -l' | 'namespace list --limit' | 'namespace list -p' | 'namespace list --pagination-token' | 'namespace list --profile' | 'namespace list --region' | 'namespace list --request-payer' | 'namespace list --sse' | 'namespace list --sse-kms-key-id' | 'namespace list --timeout' | 'namespace list --width') echo '@-' ;;
    'namespace list --color') echo 'auto always never' ;;
    'namespace list --fields') echo '@members' ;;
    'namespace list --prefix') echo '@namespaces' ;;
    'namespace list --progress') echo 'auto bar plain json none' ;;
    'namespace list -o' | 'namespace list --output') echo 'table json ndjson csv tsv line' ;;
    'prepare --color') echo 'auto always never' ;;
    'prepare --fields') echo '@members' ;;
    'prepare --out') echo '@' ;;
    'prepare --progress') echo 'auto bar plain json none' ;;
    'prepare --width') echo '@-' ;;
    'prepare -o' | 'prepare --output') echo 'table json ndjson csv tsv line' ;;
    'pull --cache-dir' | 'pull --ids' | 'pull --page' | 'pull --report' | 'pull --out') echo '@' ;;
    'pull --cache-size' | 'pull -d' | 'pull --dimension' | 'pull --endpoint-url' | 'pull --name' | 'pull --probes' | 'pull --profile' | 'pull --rate' | 'pull --region' | 'pull --request-payer' | 'pull --schema' | 'pull --sse' | 'pull --sse-kms-key-id' | 'pull --threads' | 'pull --timeout' | 'pull --width') echo '@-' ;;
    'pull --color') echo 'auto always never' ;;
    'pull --fields') echo '@members' ;;
    'pull --progress') echo 'auto bar plain json none' ;;
    'pull --vector-type') echo 'dense sparse hybrid' ;;
    'pull -m' | 'pull --metric') echo 'cosine euclidean dotproduct' ;;
    'pull -n' | 'pull --namespace') echo '@namespaces' ;;
    'pull -o' | 'pull --output') echo 'table json ndjson csv tsv line' ;;
    'query --alpha' | 'query --cache-size' | 'query --embed-command' | 'query --embed-model' | 'query --embed-timeout' | 'query --embed-url' | 'query --endpoint-url' | 'query --min-score' | 'query --mmr' | 'query --offset' | 'query --profile' | 'query --query-prefix' | 'query --recall' | 'query --region' | 'query --request-payer' | 'query --sse' | 'query --sse-kms-key-id' | 'query --text' | 'query --threads' | 'query --timeout' | 'query -k' | 'query --top-k' | 'query --width') echo '@-' ;;
    'query --as-of') echo '@checkpoints' ;;
    'query --cache-dir' | 'query --queries' | 'query --sparse-indices' | 'query --sparse-values' | 'query -v' | 'query --vector' | 'query --out') echo '@' ;;
    'query --color') echo 'auto always never' ;;
    'query --fields') echo '@members' ;;
    'query --group-by') echo '@fields' ;;
    'query --mode') echo 'dense text hybrid' ;;
    'query --progress') echo 'auto bar plain json none' ;;
    'query -f' | 'query --filter') echo '@filter' ;;
    'query -i' | 'query --id' | 'query --prefix') echo '@id' ;;
    'query -n' | 'query --namespace') echo '@namespaces' ;;
    'query -o' | 'query --output') echo 'table json ndjson csv tsv line' ;;
    'repair --cache-dir' | 'repair --to' | 'repair --out') echo '@' ;;
    'repair --cache-size' | 'repair --endpoint-url' | 'repair --index-name' | 'repair --profile' | 'repair --region' | 'repair --request-payer' | 'repair --sse' | 'repair --sse-kms-key-id' | 'repair --timeout' | 'repair --width') echo '@-' ;;
    'repair --color') echo 'auto always never' ;;
    'repair --fields') echo '@members' ;;
    'repair --progress') echo 'auto bar plain json none' ;;
    'repair -n' | 'repair --namespace') echo '@namespaces' ;;
    'repair -o' | 'repair --output') echo 'table json ndjson csv tsv line' ;;
    'restore --cache-dir' | 'restore --out') echo '@' ;;
    'restore --cache-size' | 'restore --endpoint-url' | 'restore --profile' | 'restore --region' | 'restore --request-payer' | 'restore --sse' | 'restore --sse-kms-key-id' | 'restore --timeout' | 'restore --width') echo '@-' ;;
    'restore --color') echo 'auto always never' ;;
    'restore --fields') echo '@members' ;;
    'restore --progress') echo 'auto bar plain json none' ;;
    'restore -n' | 'restore --namespace') echo '@namespaces' ;;
    'restore -o' | 'restore --output') echo 'table json ndjson csv tsv line' ;;
    'serve --advertise') echo 'auto url authority' ;;
    'serve --cache-dir' | 'serve --keys' | 'serve --tls-cert' | 'serve --tls-key' | 'serve --out') echo '@' ;;
    'serve --cache-size' | 'serve --cors-origin' | 'serve --drain' | 'serve --embed-command' | 'serve --embed-model' | 'serve --embed-timeout' | 'serve --embed-url' | 'serve --endpoint-url' | 'serve --freshness' | 'serve --host' | 'serve --import-root' | 'serve --index-ports' | 'serve --max-body' | 'serve --metrics-port' | 'serve --peers' | 'serve --port' | 'serve --profile' | 'serve --region' | 'serve --request-payer' | 'serve --sse' | 'serve --sse-kms-key-id' | 'serve --timeout' | 'serve --width') echo '@-' ;;
    'serve --color') echo 'auto always never' ;;
    'serve --fields') echo '@members' ;;
    'serve --progress') echo 'auto bar plain json none' ;;
    'serve -o' | 'serve --output') echo 'table json ndjson csv tsv line' ;;
    'shell --cache-dir' | 'repl --cache-dir' | 'shell -f' | 'repl -f' | 'shell --file' | 'repl --file' | 'shell --out' | 'repl --out') echo '@' ;;
    'shell --cache-size' | 'repl --cache-size' | 'shell -c' | 'repl -c' | 'shell --command' | 'repl --command' | 'shell --endpoint-url' | 'repl --endpoint-url' | 'shell --profile' | 'repl --profile' | 'shell --region' | 'repl --region' | 'shell --request-payer' | 'repl --request-payer' | 'shell --sse' | 'repl --sse' | 'shell --sse-kms-key-id' | 'repl --sse-kms-key-id' | 'shell --timeout' | 'repl --timeout' | 'shell --width' | 'repl --width') echo '@-' ;;
    'shell --color' | 'repl --color') echo 'auto always never' ;;
    'shell --fields' | 'repl --fields') echo '@members' ;;
    'shell --progress' | 'repl --progress') echo 'auto bar plain json none' ;;
    'shell -o' | 'repl -o' | 'shell --output' | 'repl --output') echo 'table json ndjson csv tsv line' ;;
    'stats --as-of') echo '@checkpoints' ;;
    'stats --cache-dir' | 'stats --out') echo '@' ;;
    'stats --cache-size' | 'stats --endpoint-url' | 'stats --profile' | 'stats --region' | 'stats --request-payer' | 'stats --sse' | 'stats --sse-kms-key-id' | 'stats --timeout' | 'stats --width') echo '@-' ;;
    'stats --color') echo 'auto always never' ;;
    'stats --fields') echo '@members' ;;
    'stats --progress') echo 'auto bar plain json none' ;;
    'stats -f' | 'stats --filter') echo '@filter' ;;
    'stats -n' | 'stats --namespace') echo '@namespaces' ;;
    'stats -o' | 'stats --output') echo 'table json ndjson csv tsv line' ;;
    'update --cache-dir' | 'update --metadata' | 'update --set-metadata' | 'update --sparse-indices' | 'update --sparse-values' | 'update --values' | 'update --out') echo '@' ;;
    'update --cache-size' | 'update --endpoint-url' | 'update --profile' | 'update --region' | 'update --request-payer' | 'update --sse' | 'update --sse-kms-key-id' | 'update --timeout' | 'update --width') echo '@-' ;;
    'update --color') echo 'auto always never' ;;
    'update --fields') echo '@members' ;;
    'update --nulls') echo 'refuse drop' ;;
    'update --progress') echo 'auto bar plain json none' ;;
    'update --unset') echo '@fields' ;;
    'update -f' | 'update --filter') echo '@filter' ;;
    'update -i' | 'update --id') echo '@id' ;;
    'update -n' | 'update --namespace') echo '@namespaces' ;;
    'update -o' | 'update --output') echo 'table json ndjson csv tsv line' ;;
    'verify --against' | 'verify --cache-dir' | 'verify --resume-after' | 'verify --out') echo '@' ;;
    'verify --cache-size' | 'verify --endpoint-url' | 'verify --max-duration' | 'verify --profile' | 'verify --region' | 'verify --request-payer' | 'verify --sample' | 'verify --sse' | 'verify --sse-kms-key-id' | 'verify --timeout' | 'verify --width') echo '@-' ;;
    'verify --color') echo 'auto always never' ;;
    'verify --fields') echo '@members' ;;
    'verify --level') echo 'quick checksums deep' ;;
    'verify --progress') echo 'auto bar plain json none' ;;
    'verify -o' | 'verify --output') echo 'table json ndjson csv tsv line' ;;
    'warm --cache-dir' | 'warm --out') echo '@' ;;
    'warm --cache-size' | 'warm --endpoint-url' | 'warm --profile' | 'warm --region' | 'warm --request-payer' | 'warm --sse' | 'warm --sse-kms-key-id' | 'warm --timeout' | 'warm --width') echo '@-' ;;
    'warm --color') echo 'auto always never' ;;
    'warm --fields') echo '@members' ;;
    'warm --progress') echo 'auto bar plain json none' ;;
    'warm -n' | 'warm --namespace') echo '@namespaces' ;;
    'warm -o' | 'warm --output') echo 'table json ndjson csv tsv line' ;;
  esac
}

# What can follow a first word.
_slab_seconds() {
  case $1 in
    namespace) echo 'create list describe delete' ;;
    checkpoint) echo 'create list show delete' ;;
    help) echo 'create describe configure drop ingest migrate-from-pod-export pull export update delete erase fetch list query log explain bench estimate stats facet shell warm flush compact gc restore inspect verify repair copy doctor serve mcp demo prepare completion namespace checkpoint exit-codes filters output formats embeddings states s3 environment' ;;
    completion) echo 'bash fish zsh' ;;
  esac
}

# A filter, which stands between single quotation marks: a candidate that is alone is whole, and bash closes the mark.
_slab_filter() {
  local word open=
  case $2 in
    "") open="'" ;;
    "'"*) ;;
    *) return 0 ;;
  esac
  while IFS= read -r word; do
    COMPREPLY+=("$open$word")
  done <<< "$("${COMP_WORDS[0]}" __complete filter "$1" "$2" 2> /dev/null)"
  [ "${COMPREPLY[0]}" != "$open" ] || COMPREPLY=()
  [ -z "$open" ] || compopt -o nospace 2> /dev/null
}

_slab() {
  local current verb option values first target
  COMPREPLY=()
  current=${COMP_WORDS[COMP_CWORD]}
  option=${COMP_WORDS[COMP_CWORD-1]}
  # bash takes --output=json for three words.
  if [ "$current" = "=" ]; then
    current=
  elif [ "$option" = "=" ] && [ "$COMP_CWORD" -gt 2 ]; then
    option=${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "create describe configure drop namespace ingest upsert migrate-from-pod-export pull export update delete erase fetch list query log explain bench estimate stats facet shell repl warm flush compact gc checkpoint restore inspect verify repair copy doctor serve mcp demo prepare completion help version" -- "$current"))
    return 0
  fi
  first=${COMP_WORDS[1]}
  if [ "$COMP_CWORD" -eq 2 ]; then
    values=$(_slab_seconds "$first")
    if [ -n "$values" ]; then
      COMPREPLY=($(compgen -W "$values" -- "$current"))
      return 0
    fi
  fi
  verb=$first
  target=${COMP_WORDS[2]}
  case $first in
    checkpoint | namespace)
      verb="$first ${COMP_WORDS[2]}"
      target=${COMP_WORDS[3]}
      ;;
  esac
  values=$(_slab_values "$verb" "$option")
  case $values in
    @*)
      # Words that are in the index: asked from slab itself, as it was called. @- is a word that
      # nothing is known of: no file, where bash can be told so.
      if [ "$values" = @ ]; then
        return 0
      fi
      compopt +o default 2> /dev/null
      if [ "$values" = @filter ]; then
        _slab_filter "$target" "$current"
      elif [ "$values" != @- ]; then
        COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" __complete "${values#@}" "$target" "$current" 2> /dev/null)" -- "$current"))
      fi
      return 0
      ;;
  esac
  if [ -n "$values" ]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
    return 0
  fi
  case "$verb $COMP_CWORD $current" in
    *" "-*) ;;
    'checkpoint show 4 '* | 'checkpoint delete 4 '* | 'restore 3 '*)
      compopt +o default 2> /dev/null
      COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" __complete checkpoints "$target" "$current" 2> /dev/null)" -- "$current"))
      return 0
      ;;
  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$(_slab_options "$verb")" -- "$current")) ;;
  esac
  return 0
}

# Where nothing is found here it is a file: indexes, records and vectors are.
complete -o default -F _slab slab
