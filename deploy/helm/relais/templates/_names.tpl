{{- define "relais.labels" -}}
app.kubernetes.io/name: relais
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "relais.gateway" -}}
app.kubernetes.io/name: relais
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: gateway
{{- end }}

{{- define "relais.front" -}}
app.kubernetes.io/name: relais
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: front
{{- end }}

{{- define "relais.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "relais.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- /* What the chart adds to the configuration; `config` may say otherwise. */ -}}
{{- define "relais.config" -}}
{{- $server := dict "listen" "0.0.0.0:50051" "drain_delay" (printf "%ds" (int .Values.drain.delaySeconds)) "drain_deadline" (printf "%ds" (int .Values.drain.deadlineSeconds)) "behind_proxy" .Values.behindProxy "limits" (dict "memory_bytes" (int64 .Values.memoryBytes)) }}
{{- if .Values.tls.secret }}
{{- $_ := set $server "tls" (dict "certificate_file" "/etc/relais/tls/tls.crt" "key_file" "/etc/relais/tls/tls.key" "client_ca_file" "/etc/relais/tls/ca.crt" "client_names" .Values.tls.clientNames) }}
{{- if .Values.front.enabled }}
{{- $_ := set $server "caller_header" "x-relais-caller" }}
{{- end }}
{{- end }}
{{- $own := dict "server" $server "admin" (dict "listen" "0.0.0.0:9464" "allow_remote" true) "log" (dict "format" "json") "state" (dict "file" "/var/lib/relais/state.sqlite") }}
{{- toYaml (mustMergeOverwrite $own (deepCopy .Values.config)) }}
{{- end }}
