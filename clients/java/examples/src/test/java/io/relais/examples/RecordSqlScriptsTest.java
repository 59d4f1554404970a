package io.relais.examples;

import static io.relais.recordsql.v1.RecordSqlServiceGrpc.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.relais.client.RelaisException;
import io.relais.client.Rows;
import io.relais.error.v1.Reason;
import io.relais.recordsql.v1.*;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Java of docs/from-vendor-scripts.md: the requests of RecordSql's own documentation. */
class RecordSqlScriptsTest extends VendorScripts {
  // show: recordsql names
  static final String ERP = "erps/sandbox";

  static Query.Builder of(String dictionary, String recordSql, String... fields) {
    return Query.newBuilder().addAllFields(List.of(fields))
        .setRecordSql(ERP + "/dictionaries/" + dictionary + "/recordSqls/" + recordSql);
  }

  static CaseCall with(String name, String parameter, String value) {
    return CaseCall.newBuilder().setName(name).putParameters(parameter, text(value)).build();
  }

  static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }

  /** One column of all rows. */
  static List<String> column(String name, Query.Builder query) {
    try (Rows rows = relais.recordsql().rows(StreamRecordsRequest.newBuilder().setQuery(query).build())) {
      return rows.stream().map(row -> row.getString(name)).collect(Collectors.toList());
    }
  }

  static QueryRecordsResponse page(int size, Query.Builder query) {
    return relais.call(getQueryRecordsMethod(), QueryRecordsRequest.newBuilder().setPageSize(size).setQuery(query).build());
  }
  // end

  @Test
  void reading() {
    // show: recordsql reading
    // a dictionary that is not allowed: error 54
    RelaisException refused = assertThrows(RelaisException.class, () -> page(1, of("xxrstab.dhoq", "Anything")));
    // fields "*", count 0: the first row
    QueryRecordsResponse first = page(1, of("gtrstab.dhoq", "CatFou"));
    // fields "CPOSTAL;VIL", count 2
    QueryRecordsResponse two = page(2, of("gtrstab.dhoq", "CodePostal", "CPOSTAL", "VIL"));
    // offset, count, nbrecord and the loop around them: all rows
    List<String> payments = column("REGL", of("gtrstab.dhoq", "ModeReglement"));
    // where, where_parameters
    List<String> alsace = column("VIL", of("gtrstab.dhoq", "CodePostal").setWhere(with("Like_Cpostal", "cpostal", "67%")));
    // where, orderby, <joindeactivate>$ALL<columndeactivate>$ALL
    Switch off = Switch.newBuilder().setAll(true).setAction(Switch.Action.ACTION_DEACTIVATE).build();
    QueryRecordsResponse articles = page(5, of("gtrsart.dhoq", "Article", "DOS", "REF", "EAN")
        .setWhere(with("Between_Ean", "eanD", "3000000000000").toBuilder().putParameters("eanF", text("4000000000000")))
        .setOrderBy("Par_CodeEAN").addJoins(off).addColumns(off));
    // <joindeactivate>$all<joinactivate>majointure
    List<String> families = column("FAMLIB", of("gtrsart.dhoq", "Article", "REF", "FAMLIB").addJoins(off)
        .addJoins(Switch.newBuilder().setName("MaJointure").setAction(Switch.Action.ACTION_ACTIVATE)));
    // parameters "MZ.DOS=997"
    List<String> elsewhere = column("DOS", of("gtrstab.dhoq", "CodePostal").setCompanyFile("997"));
    // end
    assertEquals(Reason.DICTIONARY_NOT_AUTHORIZED, refused.reason());
    assertEquals("T116", first.getTable());
    assertEquals(List.of(1, 2, 19, 5), List.of(first.getRowsCount(), two.getRowsCount(), payments.size(), articles.getRowsCount()));
    assertEquals(List.of("STRASBOURG"), alsace);
    assertFalse(families.isEmpty());
    assertTrue(!elsewhere.isEmpty() && elsewhere.stream().allMatch("997"::equals), elsewhere.toString());
  }

  @Test
  void conditions() {
    // show: recordsql conditions
    // filter.where: both hold
    List<String> both = column("VIL", of("gtrstab.dhoq", "CodePostal").setFilter(Filter.newBuilder()
        .addCases(with("Like_Vil", "vil", "B%")).addCases(with("Like_Cpostal", "cpostal", "01%"))));
    // operator_where "OR"
    List<String> either = column("VIL", of("gtrstab.dhoq", "CodePostal").setFilter(Filter.newBuilder()
        .addCases(with("Equal_Vil", "vil", "BROU")).addCases(with("Equal_Vil", "vil", "STRASBOURG"))
        .setOperator(Filter.Operator.OPERATOR_OR)));
    // whereaddcondition
    List<String> mixed = column("VIL", of("gtrstab.dhoq", "CodePostal").setFilter(Filter.newBuilder()
        .addCases(with("Equal_Vil", "vil", "STRASBOURG")).addCases(with("Like_Vil", "vil", "%RO%"))
        .addCases(with("Like_Cpostal", "cpostal", "67%"))
        .setExpression("(Like_Cpostal AND Equal_Vil) OR Like_Vil")));
    // createwhere, whereremovecondition: conditions of your own, written by the gateway
    Filter.Builder own = Filter.newBuilder().setExpression("FIRST OR SECOND");
    Map.of("FIRST", "BROU", "SECOND", "STRASBOURG").forEach((name, town) -> own.addCustom(CustomCondition.newBuilder()
        .setName(name).setField("T057.VIL").setOperator(CustomCondition.Operator.OPERATOR_EQUAL).addValues(text(town))));
    List<String> towns = column("VIL", of("gtrstab.dhoq", "CodePostal").setFilter(own));
    // having, having_parameters
    List<String> families = column("FAM", of("gtrsart.dhoq", "ArticleParFamille").setHaving(CaseCall.newBuilder()
        .setName("Au_Moins").putParameters("nombre", Value.newBuilder().setIntegerValue(1).build())));
    // end
    assertEquals(List.of(2, 2, 2, 2), List.of(both.size(), either.size(), mixed.size(), towns.size()));
    assertFalse(families.isEmpty());
  }

  @Test
  void information() {
    // show: recordsql information
    // infos: <perf>1, <perfmem>1, <version>1, <debugctx>1
    Map<String, String> infos = page(1, of("gtrstab.dhoq", "CodePostal").setCompanyFile("997")
        .addDiagnostics(Diagnostic.DIAGNOSTIC_PERFORMANCE).addDiagnostics(Diagnostic.DIAGNOSTIC_MEMORY)
        .addDiagnostics(Diagnostic.DIAGNOSTIC_VERSION).addDiagnostics(Diagnostic.DIAGNOSTIC_COMPANY_FILE_CONTEXT))
        .getDiagnostics().getValuesMap();
    // <infostoken>1
    Session session = relais.call(getGetSessionMethod(), GetSessionRequest.newBuilder().setName(ERP).build());
    // dhoq "_razcache"; "_razuser": CACHE_USER; "_razautorisedhoq": CACHE_AUTHORIZED_DICTIONARIES
    relais.call(getClearCacheMethod(), ClearCacheRequest.newBuilder()
        .setName(ERP).setCache(ClearCacheRequest.Cache.CACHE_DICTIONARIES).build());
    // <debug>1<sizedebug>10000
    relais.call(getSetDebugMethod(), SetDebugRequest.newBuilder().setName(ERP).setEnabled(true).setMaxSize(10000).build());
    // <debugenv>1: of the first log-on only
    String trace = relais.call(getDiagnoseEnvironmentMethod(), DiagnoseEnvironmentRequest.newBuilder().setName(ERP).build())
        .getTrace();
    // end
    assertFalse(infos.isEmpty());
    assertTrue(session.getExpireTime().getSeconds() > 0 && trace != null);
  }
}
