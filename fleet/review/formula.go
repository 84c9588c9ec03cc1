package review

// Keys of the indicators.
const (
	KeyKm           = "gps_km"
	KeyPatrol       = "patrol_minutes"
	KeyPriority     = "priority_minutes"
	KeyStops        = "tactical_stops_done"
	KeyStopsPlanned = "tactical_stops_planned"
	KeyStreets      = "street_coverage_pct"
	KeyStreetsDay   = "street_coverage_day_pct"
	KeyCells        = "cell_coverage_pct"
	KeyHot          = "hot_cells_served_pct"
	KeyAlone        = "complementarity_pct"
	KeyDouble       = "duplication_pct"
	KeyGap          = "max_gap_minutes"
	KeyAdherence    = "plan_adherence_pct"
	KeyUptime       = "gps_uptime_pct"
	KeyLate         = "late_fix_pct"
	KeyReady        = "units_operational_pct"
	KeyResponse     = "response_minutes"
	KeyFalse        = "false_alarm_pct"
)

// Formula says how an indicator is computed. Texts are Spanish: they stand on
// the page and in the papers as they are here.
type Formula struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Unit string `json:"unit"` // "%", "km", "min", ""
	Text string `json:"text"`
	Of   string `json:"of"` // what n counts
	// Lower tells that less is better; then bands do not apply.
	Lower bool `json:"lower"`
}

// Formulas are all indicators, in the order in which they are shown.
func Formulas() []Formula { return formulas }

var formulas = []Formula{
	{Key: KeyKm, Name: "Recorrido por GPS", Unit: "km", Of: "unidades por turno", Text: "Suma de las distancias entre posiciones GPS válidas de cada unidad en sus turnos. En un sector: el recorrido de cada unidad por la parte de su tiempo de patrulla que pasó en él."},
	{Key: KeyPatrol, Name: "Tiempo de patrulla", Unit: "min", Of: "unidades por turno", Text: "Suma de los minutos de cada unidad en las calles del distrito a velocidad de patrulla. El plan policial: patrullas × duración del servicio."},
	{Key: KeyPriority, Name: "Tiempo en áreas priorizadas", Unit: "min", Of: "unidades por turno", Text: "Suma de los minutos de cada unidad dentro de las áreas priorizadas vigentes en su turno, según sus posiciones GPS. Solo para todo el distrito."},
	{Key: KeyStops, Name: "Paradas tácticas cumplidas", Unit: "", Of: "paradas planificadas", Text: "Paradas planificadas en las que la unidad permaneció detenida, a 60 m o menos, los minutos pedidos (10, o los planificados menos uno si son menos). Solo para todo el distrito."},
	{Key: KeyStopsPlanned, Name: "Paradas tácticas planificadas", Unit: "", Of: "turnos con plan", Text: "Paradas que pide el plan aprobado o entregado de cada turno. Solo para todo el distrito."},
	{Key: KeyStreets, Name: "Cobertura de calles por turno", Unit: "%", Of: "turnos", Text: "Kilómetros de calle cubiertos ÷ kilómetros de calle del distrito, media de los turnos. Una calle está cubierta si se recorrió al menos la parte que pide el perfil, a velocidad de patrulla y con certeza. El plan policial: Σ probabilidad × longitud."},
	{Key: KeyStreetsDay, Name: "Cobertura de calles por día", Unit: "%", Of: "días", Text: "Kilómetros de calle cubiertos en al menos un turno del día ÷ kilómetros de calle del distrito, media de los días."},
	{Key: KeyCells, Name: "Cobertura de celdas por turno", Unit: "%", Of: "turnos × celdas", Text: "Celdas H3 de nivel 9 con presencia en el turno ÷ celdas con calles del distrito, en todos los turnos."},
	{Key: KeyHot, Name: "Zonas calientes atendidas", Unit: "%", Of: "turnos × zonas", Text: "Zonas con parada planificada que tuvieron al menos los minutos de presencia del perfil y ningún vacío más largo que el permitido ÷ zonas con parada planificada."},
	{Key: KeyAlone, Name: "Complementariedad", Unit: "%", Of: "medias horas de celda con presencia municipal", Text: "Minutos de presencia municipal en celdas y medias horas sin policía ÷ minutos de presencia municipal donde se sabe si hubo policía. Sin GPS policial: Σ minutos × (1 − probabilidad según el plan policial)."},
	{Key: KeyDouble, Name: "Duplicidad", Unit: "%", Of: "medias horas de celda con presencia", Lower: true, Text: "Celdas y medias horas con serenazgo y policía a la vez ÷ celdas y medias horas con alguno de los dos en las que se sabe si hubo policía. El patrullaje integrado no cuenta como duplicidad. Sin GPS policial: la esperada según su plan."},
	{Key: KeyGap, Name: "Vacío más largo", Unit: "min", Of: "celdas", Lower: true, Text: "El mayor tiempo de turno seguido sin presencia en una celda. Las horas sin turno no cuentan; una unidad sin señal es desconocida."},
	{Key: KeyAdherence, Name: "Cumplimiento del plan", Unit: "%", Of: "rondas", Text: "Kilómetros de las calles de cada ronda que su unidad cubrió ÷ kilómetros de las calles de la ronda. Solo para todo el distrito."},
	{Key: KeyUptime, Name: "GPS en línea", Unit: "%", Of: "unidades por turno", Text: "Tiempo de servicio con señal ÷ tiempo de servicio de las unidades que se oyeron en el turno."},
	{Key: KeyLate, Name: "Posiciones tardías", Unit: "%", Of: "posiciones", Lower: true, Text: "Posiciones recibidas más de cinco minutos después de su hora ÷ posiciones recibidas."},
	{Key: KeyReady, Name: "Unidades operativas", Unit: "%", Of: "unidades por turno", Text: "Unidades registradas como operativas al empezar cada turno ÷ unidades registradas que trabajan en ese turno."},
	{Key: KeyResponse, Name: "Tiempo de respuesta", Unit: "min", Of: "ocurrencias", Lower: true, Text: "Mediana de los minutos entre el aviso y la llegada al lugar, de las ocurrencias que tienen ambas horas."},
	{Key: KeyFalse, Name: "Falsas alarmas", Unit: "%", Of: "alertas cerradas", Lower: true, Text: "Alertas cerradas como falsas o perturbadoras ÷ alertas cerradas."},
}

// FormulaOf gives the formula of a key.
func FormulaOf(key string) (Formula, bool) {
	for _, f := range formulas {
		if f.Key == key {
			return f, true
		}
	}
	return Formula{}, false
}
